// The endpoint: everything the page knows and does goes through here, with the browser's own credentials.

const PATIENCE = 10_000;

const SIGN_IN = 'Sign in first: the server does not know who you are.';

// By this a server knows that a script asks, and sends it neither to a login nor lets the browser ask for a password.
const SCRIPT = { 'X-Requested-With': 'XMLHttpRequest' };

const EXPOSE = 'management.endpoints.web.exposure.include=health,watermill';

const CORS = 'management.endpoints.web.cors';

const ALLOW = [`${CORS}.allowed-origins=${location.origin}`, `${CORS}.allowed-methods=GET,POST`,
  `${CORS}.allowed-headers=Content-Type`];

// Why there is no answer, in words.
export class Trouble extends Error {

  constructor(kind, title, advice, code = null) {
    super(title);
    this.kind = kind;
    this.title = title;
    this.advice = advice;
    this.code = code;
  }

}

export class Connection {

  constructor(endpoint) {
    this.url = new URL(endpoint, document.baseURI);
    this.url.pathname = this.url.pathname.replace(/\/+$/, '');
    this.foreign = this.url.origin !== location.origin;
    this.place = this.foreign ? this.url.href : this.url.pathname;
    // Another origin allows the user's cookies, or only calls without: which of CORS's rules a call broke is not told
    this.credentials = this.foreign ? ['include', 'omit'] : ['same-origin'];
    this.answered = false;
  }

  // All mills, and the time of the server that told of them.
  async read() {
    const response = await this.#call(this.url, {});
    if (!response.ok) {
      throw this.#refused(response.status);
    }
    if (!isJson(response)) {
      throw response.redirected ? this.#refused(401)
        : new Trouble('other', `What is at ${this.place} is not the endpoint`,
          'It answered, but not with JSON. If the endpoint is elsewhere, say so:', 'watermill.console.endpoint=...');
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    try {
      return { body: await response.json(), now: Number.isNaN(date) ? Date.now() : date };
    }
    catch {
      throw this.#away();
    }
  }

  // One mill, with all that is known of it.
  async ask(mill) {
    const target = new URL(this.url);
    target.pathname += '/' + encodeURIComponent(mill);
    const response = await this.#call(target, {});
    if (!response.ok || !isJson(response)) {
      throw this.#refused(response.ok ? 401 : response.status);
    }
    return response.json();
  }

  // Tells a mill to do something; returns why it could not be done, or null.
  async act(mill, action) {
    const target = new URL(this.url);
    target.pathname += '/' + encodeURIComponent(mill);
    try {
      let response;
      // Tokens are between the page and its own server
      for (const token of this.foreign ? [{}] : csrfTokens()) {
        response = await this.#call(target, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...token },
          body: JSON.stringify({ action }),
        });
        if (response.status !== 403) {
          break;
        }
      }
      if (response.redirected) {
        return SIGN_IN;
      }
      return response.ok ? null : await this.#whyNot(response, mill);
    }
    catch (trouble) {
      return this.foreign ? `The server does not answer, or does not let this page act. There it takes ${ALLOW.join(', ')}.`
        : `${trouble.title}. ${trouble.advice}`;
    }
  }

  async #whyNot(response, mill) {
    const body = isJson(response) ? await response.json().catch(() => null) : null;
    if (body?.message) {
      return body.message;
    }
    switch (response.status) {
      case 401: return SIGN_IN;
      case 403: return 'The server refused it: you may not do that here, or it saw no valid CSRF token. Load the page again.';
      case 404: return `There is no mill '${mill}' any more.`;
      case 405: return 'The endpoint is read-only.';
      default: return `The server answered with ${response.status}.`;
    }
  }

  async #call(url, options) {
    for (const credentials of this.credentials) {
      try {
        const response = await fetch(url, {
          ...options,
          headers: { Accept: 'application/json', ...(this.foreign ? {} : SCRIPT), ...options.headers },
          cache: 'no-store',
          credentials,
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (response.ok) {
          this.credentials = [credentials];
          this.answered = true;
        }
        return response;
      }
      catch {
        // The next, if there is one
      }
    }
    throw this.#away();
  }

  #away() {
    const words = `Nothing comes from ${this.place}. The page keeps trying and goes on by itself when the server is back.`;
    return (this.foreign && !this.answered)
      ? new Trouble('away', 'The server does not answer, or not this page',
        `${words} If it is there it does not let this page call it. There it takes:`, ALLOW.join('\n'))
      : new Trouble('away', 'The server does not answer', words);
  }

  #refused(status) {
    switch (status) {
      case 401: return new Trouble('signin', 'Sign in to see the mills',
        `The endpoint ${this.place} wants to know who you are. Sign in to the application, then try again.`);
      case 403: return new Trouble('forbidden', 'You may not see the mills',
        `You are signed in, but the endpoint ${this.place} is not for you. Whoever runs the application can allow it.`);
      case 404: return new Trouble('missing', `There is no endpoint at ${this.place}`,
        'Expose it in the settings of the application. If it is elsewhere, set watermill.console.endpoint.', EXPOSE);
      default: return new Trouble('other', `The endpoint answered with ${status}`,
        `Look into the log of the application for what went wrong at ${this.place}. The page keeps trying.`);
    }
  }

}

function isJson(response) {
  return /[/+]json\b/.test(response.headers.get('content-type') ?? '');
}

// What Spring Security expects of a page that is served by the application: the token of a cookie, or that of the
// session, which the page was told. Which of them is right depends on settings that no page sees.
function csrfTokens() {
  const tokens = [];
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith('XSRF-TOKEN='));
  if (cookie) {
    tokens.push({ 'X-XSRF-TOKEN': decodeURIComponent(cookie.slice('XSRF-TOKEN='.length)) });
  }
  const header = document.querySelector('meta[name=_csrf_header]')?.content;
  if (header) {
    tokens.push({ [header]: document.querySelector('meta[name=_csrf]').content });
  }
  return tokens.length > 0 ? tokens : [{}];
}
