/**
 * The same data as programs write it, made with Python's `json.dumps` and not with any code of this project: what a
 * sender signs, and what something on the way makes of it.
 */
export const writings = {
  push: {
    'json.dumps': '{"ref": "refs/heads/main", "forced": false}',
    compact: '{"ref":"refs/heads/main","forced":false}',
    'compact ascii': '{"ref":"refs/heads/main","forced":false}',
    'indent 2': '{\n  "ref": "refs/heads/main",\n  "forced": false\n}',
    'indent 4': '{\n    "ref": "refs/heads/main",\n    "forced": false\n}',
    'indent tab': '{\n\t"ref": "refs/heads/main",\n\t"forced": false\n}',
    sorted: '{"forced":false,"ref":"refs/heads/main"}',
    'sorted json.dumps': '{"forced": false, "ref": "refs/heads/main"}',
    'compact and a line break': '{"ref":"refs/heads/main","forced":false}\n',
    'indent 2 and a line break': '{\n  "ref": "refs/heads/main",\n  "forced": false\n}\n',
    CRLF: '{\r\n  "ref": "refs/heads/main",\r\n  "forced": false\r\n}',
    'byte order mark': '\uFEFF{"ref":"refs/heads/main","forced":false}',
    'keys reversed': '{"forced":false,"ref":"refs/heads/main"}',
  },
  event: {
    'json.dumps':
      '{"id": "evt_1PqK2", "object": "event", "created": 1700000000, "data": {"object": {"id": "cus_9", "name": "Zo\\u00eb M\\u00fcller", "balance": 0, "url": "https://a.example/x?a=1&b=<2>"}}, "livemode": false, "type": "customer.created"}',
    compact:
      '{"id":"evt_1PqK2","object":"event","created":1700000000,"data":{"object":{"id":"cus_9","name":"Zoë Müller","balance":0,"url":"https://a.example/x?a=1&b=<2>"}},"livemode":false,"type":"customer.created"}',
    'compact ascii':
      '{"id":"evt_1PqK2","object":"event","created":1700000000,"data":{"object":{"id":"cus_9","name":"Zo\\u00eb M\\u00fcller","balance":0,"url":"https://a.example/x?a=1&b=<2>"}},"livemode":false,"type":"customer.created"}',
    'indent 2':
      '{\n  "id": "evt_1PqK2",\n  "object": "event",\n  "created": 1700000000,\n  "data": {\n    "object": {\n      "id": "cus_9",\n      "name": "Zoë Müller",\n      "balance": 0,\n      "url": "https://a.example/x?a=1&b=<2>"\n    }\n  },\n  "livemode": false,\n  "type": "customer.created"\n}',
    'indent 4':
      '{\n    "id": "evt_1PqK2",\n    "object": "event",\n    "created": 1700000000,\n    "data": {\n        "object": {\n            "id": "cus_9",\n            "name": "Zoë Müller",\n            "balance": 0,\n            "url": "https://a.example/x?a=1&b=<2>"\n        }\n    },\n    "livemode": false,\n    "type": "customer.created"\n}',
    'indent tab':
      '{\n\t"id": "evt_1PqK2",\n\t"object": "event",\n\t"created": 1700000000,\n\t"data": {\n\t\t"object": {\n\t\t\t"id": "cus_9",\n\t\t\t"name": "Zoë Müller",\n\t\t\t"balance": 0,\n\t\t\t"url": "https://a.example/x?a=1&b=<2>"\n\t\t}\n\t},\n\t"livemode": false,\n\t"type": "customer.created"\n}',
    sorted:
      '{"created":1700000000,"data":{"object":{"balance":0,"id":"cus_9","name":"Zoë Müller","url":"https://a.example/x?a=1&b=<2>"}},"id":"evt_1PqK2","livemode":false,"object":"event","type":"customer.created"}',
    'sorted json.dumps':
      '{"created": 1700000000, "data": {"object": {"balance": 0, "id": "cus_9", "name": "Zo\\u00eb M\\u00fcller", "url": "https://a.example/x?a=1&b=<2>"}}, "id": "evt_1PqK2", "livemode": false, "object": "event", "type": "customer.created"}',
    'compact and a line break':
      '{"id":"evt_1PqK2","object":"event","created":1700000000,"data":{"object":{"id":"cus_9","name":"Zoë Müller","balance":0,"url":"https://a.example/x?a=1&b=<2>"}},"livemode":false,"type":"customer.created"}\n',
    'indent 2 and a line break':
      '{\n  "id": "evt_1PqK2",\n  "object": "event",\n  "created": 1700000000,\n  "data": {\n    "object": {\n      "id": "cus_9",\n      "name": "Zoë Müller",\n      "balance": 0,\n      "url": "https://a.example/x?a=1&b=<2>"\n    }\n  },\n  "livemode": false,\n  "type": "customer.created"\n}\n',
    CRLF: '{\r\n  "id": "evt_1PqK2",\r\n  "object": "event",\r\n  "created": 1700000000,\r\n  "data": {\r\n    "object": {\r\n      "id": "cus_9",\r\n      "name": "Zoë Müller",\r\n      "balance": 0,\r\n      "url": "https://a.example/x?a=1&b=<2>"\r\n    }\r\n  },\r\n  "livemode": false,\r\n  "type": "customer.created"\r\n}',
    'byte order mark':
      '\uFEFF{"id":"evt_1PqK2","object":"event","created":1700000000,"data":{"object":{"id":"cus_9","name":"Zoë Müller","balance":0,"url":"https://a.example/x?a=1&b=<2>"}},"livemode":false,"type":"customer.created"}',
    'keys reversed':
      '{"type":"customer.created","livemode":false,"data":{"object":{"id":"cus_9","name":"Zoë Müller","balance":0,"url":"https://a.example/x?a=1&b=<2>"}},"created":1700000000,"object":"event","id":"evt_1PqK2"}',
  },
  reading: {
    'json.dumps': '{"device": "boiler-7", "celsius": 21.5, "samples": [1, 2, 3], "note": null, "flow": 1.0}',
    compact: '{"device":"boiler-7","celsius":21.5,"samples":[1,2,3],"note":null,"flow":1.0}',
    'compact ascii': '{"device":"boiler-7","celsius":21.5,"samples":[1,2,3],"note":null,"flow":1.0}',
    'indent 2':
      '{\n  "device": "boiler-7",\n  "celsius": 21.5,\n  "samples": [\n    1,\n    2,\n    3\n  ],\n  "note": null,\n  "flow": 1.0\n}',
    'indent 4':
      '{\n    "device": "boiler-7",\n    "celsius": 21.5,\n    "samples": [\n        1,\n        2,\n        3\n    ],\n    "note": null,\n    "flow": 1.0\n}',
    'indent tab':
      '{\n\t"device": "boiler-7",\n\t"celsius": 21.5,\n\t"samples": [\n\t\t1,\n\t\t2,\n\t\t3\n\t],\n\t"note": null,\n\t"flow": 1.0\n}',
    sorted: '{"celsius":21.5,"device":"boiler-7","flow":1.0,"note":null,"samples":[1,2,3]}',
    'sorted json.dumps':
      '{"celsius": 21.5, "device": "boiler-7", "flow": 1.0, "note": null, "samples": [1, 2, 3]}',
    'compact and a line break':
      '{"device":"boiler-7","celsius":21.5,"samples":[1,2,3],"note":null,"flow":1.0}\n',
    'indent 2 and a line break':
      '{\n  "device": "boiler-7",\n  "celsius": 21.5,\n  "samples": [\n    1,\n    2,\n    3\n  ],\n  "note": null,\n  "flow": 1.0\n}\n',
    CRLF: '{\r\n  "device": "boiler-7",\r\n  "celsius": 21.5,\r\n  "samples": [\r\n    1,\r\n    2,\r\n    3\r\n  ],\r\n  "note": null,\r\n  "flow": 1.0\r\n}',
    'byte order mark': '\uFEFF{"device":"boiler-7","celsius":21.5,"samples":[1,2,3],"note":null,"flow":1.0}',
    'keys reversed': '{"flow":1.0,"note":null,"samples":[1,2,3],"celsius":21.5,"device":"boiler-7"}',
  },
  empty: {
    'json.dumps': '{"list": [], "map": {}, "text": "a\\nb\\t\\"c\\" \\u2028 \\ud83d\\ude00"}',
    compact: '{"list":[],"map":{},"text":"a\\nb\\t\\"c\\" \u2028 😀"}',
    'compact ascii': '{"list":[],"map":{},"text":"a\\nb\\t\\"c\\" \\u2028 \\ud83d\\ude00"}',
    'indent 2': '{\n  "list": [],\n  "map": {},\n  "text": "a\\nb\\t\\"c\\" \u2028 😀"\n}',
    'indent 4': '{\n    "list": [],\n    "map": {},\n    "text": "a\\nb\\t\\"c\\" \u2028 😀"\n}',
    'indent tab': '{\n\t"list": [],\n\t"map": {},\n\t"text": "a\\nb\\t\\"c\\" \u2028 😀"\n}',
    sorted: '{"list":[],"map":{},"text":"a\\nb\\t\\"c\\" \u2028 😀"}',
    'sorted json.dumps': '{"list": [], "map": {}, "text": "a\\nb\\t\\"c\\" \\u2028 \\ud83d\\ude00"}',
    'compact and a line break': '{"list":[],"map":{},"text":"a\\nb\\t\\"c\\" \u2028 😀"}\n',
    'indent 2 and a line break': '{\n  "list": [],\n  "map": {},\n  "text": "a\\nb\\t\\"c\\" \u2028 😀"\n}\n',
    CRLF: '{\r\n  "list": [],\r\n  "map": {},\r\n  "text": "a\\nb\\t\\"c\\" \u2028 😀"\r\n}',
    'byte order mark': '\uFEFF{"list":[],"map":{},"text":"a\\nb\\t\\"c\\" \u2028 😀"}',
    'keys reversed': '{"text":"a\\nb\\t\\"c\\" \u2028 😀","map":{},"list":[]}',
  },
} as const satisfies Record<string, Record<string, string>>;
