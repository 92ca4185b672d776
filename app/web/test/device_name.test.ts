import { expect, test } from 'vitest';
import { type Agent, deviceName } from '../src/device_name';

const brands = (...names: string[]) => names.map((brand) => ({ brand }));

test.each<[string, Agent]>([
  [
    'Android Chrome',
    {
      userAgent:
        'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
      userAgentData: { platform: 'Android', brands: brands('Chromium', 'Google Chrome', 'Not_A Brand') },
    },
  ],
  [
    'iPhone Safari',
    {
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    },
  ],
  [
    'iPhone Chrome',
    {
      userAgent:
        'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1',
    },
  ],
  [
    'Android WeChat',
    {
      userAgent:
        'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50',
    },
  ],
  [
    'Windows Edge',
    {
      userAgent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
      userAgentData: { platform: 'Windows', brands: brands('Microsoft Edge', 'Chromium') },
    },
  ],
  ['Linux Firefox', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0' }],
  ['', { userAgent: 'curl/8' }],
])('a device is called %s', (name, agent) => {
  expect(deviceName(agent)).toBe(name);
});
