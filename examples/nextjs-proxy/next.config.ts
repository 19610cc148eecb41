import type { NextConfig } from 'next';

// The folder of this project, whatever lock files stand in those above it.
const config: NextConfig = { turbopack: { root: import.meta.dirname } };

export default config;
