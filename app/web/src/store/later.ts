/** A part of the app that is fetched when it is first asked for; after a failure the next who asks tries again. */
export class Later<T> {
  /** The part, once it is here. */
  now: T | null = null;
  private coming: Promise<T> | null = null;

  constructor(private readonly fetch: () => Promise<T>) {}

  get(): Promise<T> {
    this.coming ??= this.fetch().then(
      (part) => {
        this.now = part;
        return part;
      },
      (error: unknown) => {
        this.coming = null;
        throw error;
      },
    );
    return this.coming;
  }
}
