/** A short name for this device, as the learner would say it: "Android Chrome", "iPhone Safari". */

export interface Agent {
  readonly userAgent: string;
  readonly userAgentData?: { readonly platform: string; readonly brands: readonly { readonly brand: string }[] };
}

// The first that fits: a browser built upon another names that one too.
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/CrOS|Chrome ?OS/i, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac/, 'Mac'],
  [/Linux|X11/, 'Linux'],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, 'WeChat'],
  [/HuaweiBrowser/, 'Huawei'],
  [/MiuiBrowser/, 'Xiaomi'],
  [/SamsungBrowser|Samsung Internet/, 'Samsung'],
  [/Quark|UCBrowser/, 'UC'],
  [/QQBrowser/, 'QQ'],
  [/Edg|Microsoft Edge/, 'Edge'],
  [/OPR|Opera/, 'Opera'],
  [/Firefox|FxiOS/, 'Firefox'],
  [/Chrom|CriOS/, 'Chrome'],
  [/Safari/, 'Safari'],
];

export function deviceName({ userAgent, userAgentData }: Agent): string {
  const brands = userAgentData?.brands.map(({ brand }) => brand).join(' ') ?? '';
  return [named(`${userAgentData?.platform ?? ''} ${userAgent}`, SYSTEMS), named(`${brands} ${userAgent}`, BROWSERS)]
    .filter(Boolean)
    .join(' ');
}

function named(text: string, names: readonly (readonly [RegExp, string])[]): string {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}
