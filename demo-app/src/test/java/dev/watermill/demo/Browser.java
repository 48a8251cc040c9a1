package dev.watermill.demo;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Chromium of this machine, driven by its chromedriver over the W3C WebDriver
 * protocol, which is JSON over HTTP: the little that the tests need of it takes no
 * library.
 */
final class Browser implements AutoCloseable {

	static final String MISSING = "No Chromium here: the console is not tested in a browser. "
			+ "Install it, as by apt-get install chromium chromium-driver.";

	/**
	 * Where pictures for the docs are put.
	 */
	static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots.dir", "target"));

	private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final Process driver;

	private final String session;

	private Browser(Path chromium, Path chromedriver) throws IOException {
		this.driver = new ProcessBuilder(chromedriver.toString(), "--port=0").redirectErrorStream(true).start();
		try {
			String server = "http://localhost:" + awaitPort();
			Map<String, Object> options = Map.of("binary", chromium.toString(), "args",
					List.of("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
							"--hide-scrollbars", "--window-size=1280,900"));
			JsonNode created = send("POST", server + "/session",
					Map.of("capabilities", Map.of("alwaysMatch", Map.of("browserName", "chrome", "goog:chromeOptions",
							options, "goog:loggingPrefs", Map.of("browser", "ALL")))));
			this.session = server + "/session/" + created.get("sessionId").asString();
		}
		catch (RuntimeException ex) {
			stop();
			throw ex;
		}
	}

	/**
	 * Start the browser.
	 * @return the browser, empty if this machine has none
	 */
	static Optional<Browser> start() throws IOException {
		Path chromium = find("chromium", "chromium-browser", "google-chrome");
		Path chromedriver = find("chromedriver");
		return (chromium != null && chromedriver != null) ? Optional.of(new Browser(chromium, chromedriver))
				: Optional.empty();
	}

	private static Path find(String... names) {
		return Arrays.stream(names)
			.flatMap((name) -> Stream
				.concat(Stream.of("/usr/bin"), Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
				.map((directory) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	private String awaitPort() throws IOException {
		BufferedReader output = new BufferedReader(
				new InputStreamReader(this.driver.getInputStream(), StandardCharsets.UTF_8));
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			Matcher matcher = STARTED.matcher(line);
			if (matcher.find()) {
				return matcher.group(1);
			}
		}
		throw new IllegalStateException("chromedriver did not start");
	}

	/**
	 * Set the size of the page, and whether it is dark around.
	 */
	void look(int width, int height, String colorScheme) {
		devTools("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		devTools("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
	}

	void open(String url) {
		post("/url", Map.of("url", url));
	}

	/**
	 * Return what an expression of JavaScript is.
	 */
	JsonNode eval(String expression) {
		return post("/execute/sync", Map.of("script", "return " + expression, "args", List.of()));
	}

	/**
	 * Return the text that is shown by the first element of a selector, the empty one if
	 * there is no such element.
	 */
	String text(String selector) {
		return eval("document.querySelector(" + quote(selector) + ")?.innerText ?? ''").asString();
	}

	void awaitText(String selector, String part) {
		await(() -> {
			if (!text(selector).contains(part)) {
				throw new AssertionError("Expected '" + part + "' in " + selector + " but there is: " + text(selector));
			}
		});
	}

	void awaitTrue(String expression) {
		await(() -> {
			if (!eval(expression).asBoolean()) {
				throw new AssertionError("Expected " + expression);
			}
		});
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion);
	}

	/**
	 * Click on an element, right away in sight, whereas the page itself scrolls smoothly.
	 */
	void click(String selector) {
		eval("document.querySelector(" + quote(selector)
				+ ").scrollIntoView({ behavior: 'instant', block: 'center' })");
		JsonNode element = post("/element", Map.of("using", "css selector", "value", selector));
		post("/element/" + element.properties().iterator().next().getValue().asString() + "/click", Map.of());
	}

	/**
	 * Press keys where the focus is.
	 */
	void press(String keys) {
		JsonNode element = send("GET", this.session + "/element/active", null);
		post("/element/" + element.properties().iterator().next().getValue().asString() + "/value",
				Map.of("text", keys));
	}

	/**
	 * Return what the page has written to the console of the browser, and what the
	 * browser has to say of it.
	 */
	List<String> log() {
		return post("/se/log", Map.of("type", "browser")).valueStream()
			.map((entry) -> entry.get("level").asString() + " " + entry.get("message").asString())
			.toList();
	}

	/**
	 * Write a picture of what is in the window.
	 */
	void screenshot(Path file) throws IOException {
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, Base64.getDecoder().decode(send("GET", this.session + "/screenshot", null).asString()));
	}

	JsonNode devTools(String command, Map<String, ?> parameters) {
		return post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
	}

	private JsonNode post(String path, Object body) {
		return send("POST", this.session + path, body);
	}

	private JsonNode send(String method, String url, Object body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url))
			.timeout(Duration.ofMinutes(1))
			.method(method,
					(body != null) ? HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body))
							: HttpRequest.BodyPublishers.noBody())
			.header("Content-Type", "application/json")
			.build();
		try {
			HttpResponse<String> response = this.client.send(request, HttpResponse.BodyHandlers.ofString());
			JsonNode value = MAPPER.readTree(response.body()).path("value");
			if (response.statusCode() != 200) {
				throw new IllegalStateException(url + ": " + value.path("message").asString());
			}
			return value;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String quote(String text) {
		return MAPPER.writeValueAsString(text);
	}

	@Override
	public void close() {
		try {
			send("DELETE", this.session, null);
		}
		finally {
			stop();
		}
	}

	private void stop() {
		this.driver.descendants().forEach(ProcessHandle::destroy);
		this.driver.destroy();
	}

}
