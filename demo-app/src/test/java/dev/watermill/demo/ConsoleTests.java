package dev.watermill.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo's console in a browser.
 */
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "watermill.auto-startup=true")
class ConsoleTests {

	@TempDir
	static Path directory;

	private static Browser browser;

	@Autowired
	private Mills mills;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void writeElsewhereAndReadABrokenFile(DynamicPropertyRegistry registry) throws IOException {
		DemoOutputs.writeTo(directory.resolve("out"), registry);
		Path broken = directory.resolve("robot-locations.json");
		Files.writeString(broken, """
				[{"time":0,"x":0.0,"y":0.0},
				{"time":10,"x":"five","y":1.0}]
				""");
		registry.add("watermill.streams.robot-location.file", broken::toString);
		registry.add("watermill.state-dir", () -> directory.resolve("state").toString());
	}

	@BeforeAll
	static void startBrowser() {
		browser = Browser.start();
	}

	@AfterAll
	static void stopBrowser() {
		if (browser != null) {
			browser.close();
		}
	}

	@BeforeEach
	void openConsole() {
		browser.look(1280, 800, "light");
		browser.log();
		browser.open("http://localhost:" + this.port + "/");
		browser.awaitText("#live-text", "Live");
		browser.awaitText("#mill-city-comparison .badge", "COMPLETED");
		browser.awaitText("#mill-monthly-weather .badge", "COMPLETED");
	}

	@Test
	void showsMillsAtWorkAndMillsThatAreDone() throws IOException {
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		browser.awaitTrue("document.querySelectorAll('#mill-robot-activity .is-flowing').length > 0");
		assertThat(browser.text("#mill-robot-activity")).contains("reports every 100 ms", "every 5 s");
		assertThat(browser.text("#mill-city-comparison")).contains("date = date", "1,461", "first only");
		browser.awaitText("#mill-trade-quality .badge", "COMPLETED");
		assertThat(browser.text("#mill-trade-quality")).contains("quotes-*.jsonl", "326");
		browser.scrollTo("body", "start");
		browser.screenshot(Browser.SCREENSHOTS.resolve("console.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void showsWhyAMillFailed() throws IOException {
		browser.awaitText("#mill-robot-speed .badge", "FAILED");
		assertThat(browser.text("#mill-robot-speed .notice--bad")).contains("robot-locations.json").contains("five");
		browser.scrollTo("#mill-robot-speed", "start");
		browser.screenshot(Browser.SCREENSHOTS.resolve("console-failed.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void pausesAndResumesAMill() {
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		browser.eval("document.querySelector('#mill-robot-activity [data-action=pause]').focus()");
		browser.press(Keys.ENTER);
		browser.awaitText("#mill-robot-activity .badge", "PAUSED");
		assertThat(this.mills.get("robot-activity").state()).isEqualTo(MillState.PAUSED);
		browser.awaitTrue("document.querySelectorAll('#mill-robot-activity .is-flowing').length === 0");
		browser.click("#mill-robot-activity [data-action=resume]");
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void keepsTheFocusOverRefreshes() {
		browser.awaitText("#mill-robot-activity .badge", "RUNNING");
		browser.eval("document.querySelector('#mill-robot-activity [data-action=stop]').focus()");
		String read = browser.text("#mill-robot-activity [data-label=Read]");
		browser
			.awaitTrue("document.querySelector('#mill-robot-activity [data-label=Read]').innerText !== '" + read + "'");
		assertThat(browser.eval("document.activeElement.ariaLabel").asString()).isEqualTo("Stop robot-activity");
	}

	@Test
	void isDarkInTheDark() throws IOException {
		browser.look(1280, 800, "dark");
		assertThat(browser.eval("getComputedStyle(document.body).backgroundColor").asString())
			.isEqualTo("rgb(11, 18, 25)");
		browser.awaitTrue("document.querySelectorAll('#mill-robot-activity .is-flowing').length > 0");
		browser.scrollTo("#mill-robot-activity", "end");
		browser.screenshot(Browser.SCREENSHOTS.resolve("console-dark.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void fitsOnAPhone() throws IOException {
		browser.look(360, 740, "light");
		browser.awaitTrue("document.querySelector('#mill-city-comparison .diagram').dataset.layout === 'down'");
		assertThat(browser.eval("document.documentElement.scrollWidth").asInt()).isEqualTo(360);
		browser.scrollTo("#mill-city-comparison", "start");
		browser.screenshot(Browser.SCREENSHOTS.resolve("console-phone.png"));
		assertThat(browser.log()).isEmpty();
	}

}
