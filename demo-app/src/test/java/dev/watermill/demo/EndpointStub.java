package dev.watermill.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.springframework.http.MediaType;

/**
 * A server that has the console's page, and an endpoint that answers what it is told to.
 */
final class EndpointStub implements AutoCloseable {

	private static final String ENDPOINT = "/actuator/watermill";

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "css", "text/css", "js",
			"text/javascript", "svg", "image/svg+xml");

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private volatile Answer mills = new Answer(200, "{\"mills\":[]}");

	private volatile Answer steered = new Answer(200, "{}");

	private volatile Answer mill = new Answer(200, "{}");

	private volatile int reads;

	private volatile String token;

	private volatile boolean cookie = true;

	private volatile String called = "actuator/watermill";

	private volatile String allowed = "";

	private volatile Map<String, String> cors = Map.of();

	private volatile String sentCookie;

	private HttpServer server;

	EndpointStub() throws IOException {
		listen(0);
	}

	private void listen(int port) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
		this.server.createContext("/", this::page);
		this.server.createContext(ENDPOINT, this::endpoint);
		this.server.start();
	}

	String url() {
		return origin() + "/";
	}

	List<Request> requests() {
		return this.requests;
	}

	/**
	 * Return how often the endpoint was read.
	 */
	int reads() {
		return this.reads;
	}

	void answer(int status, String body) {
		this.mills = new Answer(status, body);
	}

	void answerOne(String body) {
		this.mill = new Answer(200, body);
	}

	void answerActions(int status, String body) {
		this.steered = new Answer(status, body);
	}

	/**
	 * Tell the page a token in its head, and accept no other one.
	 * @param newToken the token
	 * @param withCookie whether there is a cookie with another one
	 */
	void requireToken(String newToken, boolean withCookie) {
		this.token = newToken;
		this.cookie = withCookie;
	}

	/**
	 * Let the page call the endpoint of another origin.
	 */
	void call(EndpointStub other) {
		this.called = other.url() + ENDPOINT.substring(1);
		this.allowed = "; connect-src 'self' " + other.origin();
	}

	/**
	 * Answer calls to the endpoint with headers, which tell browsers what pages of
	 * another origin may do.
	 */
	void allow(Map<String, String> headers) {
		this.cors = headers;
	}

	String origin() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	/**
	 * Return the cookie that the last call of the endpoint came with, if any.
	 */
	String sentCookie() {
		return this.sentCookie;
	}

	void goAway() {
		this.server.stop(0);
	}

	void comeBack() throws IOException {
		listen(this.server.getAddress().getPort());
	}

	private void endpoint(HttpExchange exchange) throws IOException {
		this.cors.forEach(exchange.getResponseHeaders()::set);
		this.sentCookie = exchange.getRequestHeaders().getFirst("Cookie");
		if (exchange.getRequestMethod().equals("OPTIONS")) {
			answer(exchange, 200, MediaType.TEXT_PLAIN_VALUE, new byte[0]);
		}
		else if (exchange.getRequestMethod().equals("POST")) {
			String cookie = exchange.getRequestHeaders().getFirst("X-XSRF-TOKEN");
			String token = (cookie != null) ? cookie : exchange.getRequestHeaders().getFirst("X-CSRF-TOKEN");
			this.requests.add(new Request(exchange.getRequestURI().getPath(),
					new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), token));
			answer(exchange, (this.token == null || this.token.equals(token)) ? this.steered : new Answer(403, ""));
		}
		else if (exchange.getRequestURI().getPath().length() > ENDPOINT.length()) {
			answer(exchange, this.mill);
		}
		else {
			this.reads++;
			answer(exchange, this.mills);
		}
	}

	private static void answer(HttpExchange exchange, Answer answer) throws IOException {
		if (answer.status() == 302) {
			// To the page, in place of a login
			exchange.getResponseHeaders().set("Location", "/");
		}
		String type = answer.body().startsWith("{") ? MediaType.APPLICATION_JSON_VALUE : MediaType.TEXT_HTML_VALUE;
		answer(exchange, answer.status(), type, answer.body().getBytes(StandardCharsets.UTF_8));
	}

	private void page(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		String name = path.equals("/") ? "console.html" : path.substring(path.lastIndexOf('/') + 1);
		byte[] content = resource("dev/watermill/console/" + name);
		String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
		if (name.equals("console.html")) {
			content = new String(content, StandardCharsets.UTF_8).replace("{{endpoint}}", this.called)
				.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'self'" + this.allowed);
			exchange.getResponseHeaders()
				.set("Set-Cookie", "XSRF-TOKEN=secret%2B1; Path=/" + (this.cookie ? "" : "; Max-Age=0"));
			if (this.token != null) {
				content = new String(content, StandardCharsets.UTF_8)
					.replace("</head>",
							"<meta name=\"_csrf\" content=\"" + this.token
									+ "\"><meta name=\"_csrf_header\" content=\"X-CSRF-TOKEN\"></head>")
					.getBytes(StandardCharsets.UTF_8);
			}
		}
		answer(exchange, 200, type, content);
	}

	private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
		try (exchange) {
			exchange.getResponseHeaders().set("Content-Type", type);
			exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
			exchange.getResponseBody().write(body);
		}
	}

	/**
	 * Read a file from the class path.
	 */
	static byte[] resource(String name) {
		try (InputStream stream = EndpointStub.class.getClassLoader().getResourceAsStream(name)) {
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	/**
	 * What was asked of a mill: the path, the body and the CSRF token, if there was one.
	 */
	record Request(String path, String body, String csrfToken) {
	}

	private record Answer(int status, String body) {
	}

}
