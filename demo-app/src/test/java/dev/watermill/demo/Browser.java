package dev.watermill.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Chromium of this machine. Nothing is downloaded.
 */
final class Browser implements AutoCloseable {

	/**
	 * Where pictures for the docs are put.
	 */
	static final Path SCREENSHOTS = Path.of(System.getProperty("screenshots.dir", "target"));

	private static final String AXE = new String(EndpointStub.resource("axe.min.js"), StandardCharsets.UTF_8);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final ChromeDriver driver;

	private Browser(File chromium, File chromedriver) {
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--hide-scrollbars", "--window-size=1280,900");
		options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
		this.driver = new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(chromedriver).usingAnyFreePort().build(),
				options);
	}

	/**
	 * Start the browser.
	 * @throws TestAbortedException if this machine has none
	 */
	static Browser start() {
		Path chromium = find("chromium", "chromium-browser", "google-chrome");
		Path chromedriver = find("chromedriver");
		if (chromium == null || chromedriver == null) {
			throw new TestAbortedException("No Chromium here: the console is not tested in a browser. "
					+ "Install it, as by apt-get install chromium chromium-driver.");
		}
		return new Browser(chromium.toFile(), chromedriver.toFile());
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
		this.driver.get(url);
	}

	/**
	 * Return what an expression of JavaScript is.
	 */
	JsonNode eval(String expression) {
		return MAPPER.valueToTree(this.driver.executeScript("return " + expression));
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
		scrollTo(selector, "center");
		this.driver.findElement(By.cssSelector(selector)).click();
	}

	/**
	 * Bring an element into sight.
	 */
	void scrollTo(String selector, String block) {
		eval("document.querySelector(" + quote(selector) + ").scrollIntoView({ behavior: 'instant', block: '" + block
				+ "' })");
	}

	/**
	 * Press keys where the focus is.
	 */
	void press(CharSequence keys) {
		this.driver.switchTo().activeElement().sendKeys(keys);
	}

	/**
	 * Return what the page has written to the console of the browser, and what the
	 * browser has to say of it.
	 */
	List<String> log() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.map((entry) -> entry.getLevel() + " " + entry.getMessage())
			.toList();
	}

	/**
	 * Return what keeps people out of the page who don't see, hear or point as others do,
	 * as far as axe finds it: rules of WCAG 2.2 A and AA, and good practice.
	 */
	List<String> barriers() {
		this.driver.executeScript(AXE);
		JsonNode found = MAPPER.valueToTree(this.driver.executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run(document, { resultTypes: ['violations'] })
					.then(({ violations }) => done(violations.flatMap(({ id, help, nodes }) => nodes
						.map((node) => id + ': ' + help + ': ' + node.target.join(' ') + ': ' + node.failureSummary))),
						(problem) => done([String(problem)]));"""));
		return found.valueStream().map(JsonNode::asString).toList();
	}

	/**
	 * Write a picture of what is in the window, once nothing changes its colours any
	 * more.
	 */
	void screenshot(Path file) throws IOException {
		awaitTrue("document.getAnimations().filter((it) => it instanceof CSSTransition).length === 0");
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.write(file, this.driver.getScreenshotAs(OutputType.BYTES));
	}

	void devTools(String command, Map<String, Object> parameters) {
		this.driver.executeCdpCommand(command, parameters);
	}

	private static String quote(String text) {
		return MAPPER.writeValueAsString(text);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
