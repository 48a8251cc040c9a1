package dev.watermill.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The console's page in a browser, with all that an endpoint may tell.
 */
class ConsolePageTests {

	private static final String MILLS = new String(EndpointStub.resource("console/mills.json"), StandardCharsets.UTF_8);

	private static Browser browser;

	private EndpointStub endpoint;

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
	void startEndpoint() throws IOException {
		this.endpoint = new EndpointStub();
		this.endpoint.answer(200, MILLS);
		browser.look(1280, 900, "light");
		browser.open("about:blank");
		browser.log();
	}

	@AfterEach
	void stopEndpoint() {
		this.endpoint.close();
	}

	private void open() {
		browser.open(this.endpoint.url());
		browser.awaitText("#live-text", "Live");
	}

	/**
	 * Change what the endpoint tells of a mill.
	 */
	private void change(String mill, Consumer<ObjectNode> change) {
		JsonNode body = JsonMapper.shared().readTree(MILLS);
		body.get("mills")
			.valueStream()
			.filter((node) -> node.get("name").asString().equals(mill))
			.forEach((node) -> change.accept((ObjectNode) node));
		this.endpoint.answer(200, body.toString());
	}

	@Test
	void showsWhatAMillDoes() {
		open();
		assertThat(browser.text("#overview-title")).isEqualTo("7 mills");
		assertThat(browser.text("#counts")).contains("2 running", "1 failed", "1 paused", "1 completed", "1 starting",
				"1 stopped");
		String mill = browser.text("#mill-robot-speed");
		assertThat(mill).contains("RUNNING")
			.contains("42%", "about 12 s left")
			.contains("none found its matches")
			.contains("topic 'robots' does not exist")
			.contains("id + 1 = id")
			.contains("left key 120 found no match: robot-location-next-step is already at 130")
			.contains("master")
			.contains("34.2/s")
			.contains("1 unmatched")
			.contains("key 120")
			.contains("the broker did not answer", "Caused by IllegalStateException: timed out");
		assertThat(browser.text("#mill-orders")).contains("FAILED", "expected a number for 'amount'",
				"Caused by IllegalArgumentException: not a number: ten");
		assertThat(browser.text("#mill-ledger")).contains("STARTING", "Waits for mill 'orders'");
		assertThat(browser.text("#mill-watch")).contains("STOPPED", "another instance took over");
		assertThat(browser.text("#mill-meter-readings")).contains("PAUSED", "every 20 s", "50%");
		assertThat(browser.eval("document.title").asString()).isEqualTo("1 failed · WaterMill");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void showsDeadLettersOfStreamsThatCanHaveThem() throws IOException {
		change("robot-speed", (mill) -> {
			ObjectNode stream = (ObjectNode) mill.get("tree").get(0);
			stream.put("deadLetters", "topic robot-locations-dlt");
			stream.putObject("deadLettered").put("invalid", 2).put("tombstone", 0).put("disorder", 1);
		});
		open();
		assertThat(browser.text("#mill-robot-speed [data-label='Dead letters']"))
			.isEqualTo("2 invalid, 1 out of order");
		assertThat(browser.text("#mill-robot-speed tr + tr [data-label='Dead letters']")).isEqualTo("–");
		assertThat(browser.text("#mill-robot-speed .figures")).contains("and 3 dead letters");
		assertThat(browser.eval("document.querySelector('#mill-robot-speed .places').textContent").asString())
			.contains("dead letters: topic robot-locations-dlt");
	}

	@Test
	void showsHowFarAStreamIsFromItsOrder() throws IOException {
		change("robot-speed",
				(mill) -> ((ObjectNode) mill.get("tree").get(0)).putObject("reorder")
					.put("by", "time")
					.put("within", "30s")
					.put("held", 12)
					.put("late", 3)
					.put("greatestLateness", 41.5));
		open();
		assertThat(browser.text("#mill-robot-speed .streams__order"))
			.isEqualTo("in the order of time, within 30s: 12 wait, 3 late, at most 41.5 back");
		assertThat(count("#mill-robot-speed .streams__order:not([hidden])")).isEqualTo(1);
	}

	@Test
	void showsKindsOfJoins() throws IOException {
		change("robot-speed", (mill) -> ((ObjectNode) mill.get("tree").get(1)).put("optional", true)
			.put("kind", "as of backward, tolerance 5"));
		open();
		String mill = "#mill-robot-speed ";
		assertThat(browser.text(mill + ".diagram")).contains("id + 1 ~ id, as of backward, tolerance 5")
			.containsIgnoringCase("optional");
		assertThat(browser.eval("document.querySelector('" + mill + ".diagram [role=img]').ariaLabel").asString())
			.contains("is joined optionally to");
		assertThat(count(mill + ".edge.is-optional")).isEqualTo(1);
	}

	@Test
	void drawsNestedJoins() throws IOException {
		browser.look(1280, 1050, "light");
		open();
		String mill = "#mill-camera-calibration ";
		assertThat(browser.eval("document.querySelector('" + mill + ".diagram [role=img]').ariaLabel").asString())
			.contains("The master of camera-calibration is trigger")
			.contains("calibration is joined to right-frame where {camera, day} = {id, date}")
			.contains("Results go to rectified, alarm");
		assertThat(browser.text(mill + ".diagram")).contains("first only", "window by time / 1000",
				"38 in the open window");
		assertThat(count(mill + ".box--stream")).isEqualTo(4);
		assertThat(count(mill + ".box--output")).isEqualTo(2);
		assertThat(count(mill + ".join")).isEqualTo(2);
		assertThat(count(mill + ".edge.is-flowing")).isPositive();
		assertThat(count("#mill-city-comparison .edge.is-flowing")).isZero();
		assertNothingOverlaps(mill);
		// A few more rates, which become a line
		int reads = this.endpoint.reads();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> this.endpoint.reads() > reads + 2);
		browser.screenshot(Path.of("target/console-nested.png"));
		browser.look(1280, 1050, "dark");
		browser.screenshot(Path.of("target/console-nested-dark.png"));
		browser.look(360, 740, "light");
		browser.awaitTrue("document.querySelector('" + mill + ".diagram').dataset.layout === 'down'");
		assertNothingOverlaps(mill);
	}

	private static int left(String selector) {
		return browser.eval("document.querySelector(\"" + selector + "\").getBoundingClientRect().left").asInt();
	}

	private static int count(String selector) {
		return browser.eval("document.querySelectorAll('" + selector + "').length").asInt();
	}

	private static void assertNothingOverlaps(String mill) {
		assertThat(browser.eval("""
				(() => {
					const parts = [...document.querySelectorAll('%s:is(.box, .label, .note:not([hidden]))')]
						.map((part) => [part.className + ' ' + part.innerText, part.getBoundingClientRect()]);
					return parts.flatMap(([one, a], index) => parts.slice(index + 1)
						.filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
						.map(([other]) => one + ' / ' + other));
				})()""".formatted(mill)).toString()).isEqualTo("[]");
	}

	@Test
	void showsNoLanesOfAMillThatHasOneAndSharesNone() {
		open();
		assertThat(browser.eval("document.querySelector('#mill-robot-speed .lanes').hidden").asBoolean()).isTrue();
	}

	@Test
	void showsEachLaneWhileTheyAreFew() throws IOException {
		change("robot-speed", (mill) -> lanes(mill, 12, 3, 4));
		open();
		String lanes = "#mill-robot-speed .lanes ";
		assertThat(browser.text(lanes + ".lanes__title"))
			.isEqualTo("12 lanes, 4 of them here, shared by 3 instances, 1 failed");
		assertThat(browser.text(lanes + "table[aria-label^=Instances]")).contains("machine-0 \u00b7 mber-0 (this one)",
				"0\u20133", "machine-1", "4\u20137", "machine-2", "8\u201311");
		assertThat(count(lanes + "table[aria-label^=Lanes] tbody tr")).isEqualTo(4);
		assertThat(browser.text(lanes + "table[aria-label^=Lanes]")).contains("in a call for 5 s",
				"waits: partition 1 of topic robots", "a result is too large");
		assertThat(browser.eval("document.querySelector('" + lanes + ".lanes__strip').hidden").asBoolean()).isTrue();
		picture("console-lanes-12");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void showsWhereLanesAreAndWhichWantALookWhereTheyAreMany() throws IOException {
		change("robot-speed", (mill) -> lanes(mill, 1000, 3, 334));
		open();
		String lanes = "#mill-robot-speed .lanes ";
		assertThat(browser.text(lanes + ".lanes__title"))
			.isEqualTo("1,000 lanes, 334 of them here, shared by 3 instances, 1 failed");
		assertThat(count(lanes + ".lanes__cell")).isEqualTo(1000);
		assertThat(count(lanes + ".lanes__cell[data-state=FAILED]")).isEqualTo(1);
		assertThat(count(lanes + "table[aria-label^=Lanes] tbody tr")).isLessThan(12);
		assertThat(browser.text(lanes + "table[aria-label^=Lanes]")).contains("a result is too large",
				"waits: partition 1 of topic robots");
		picture("console-lanes-1000");
		browser.look(360, 740, "light");
		assertThat(browser.eval("document.documentElement.scrollWidth").asInt()).isEqualTo(360);
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void showsThatAnInstanceStandsBy() throws IOException {
		change("robot-speed", (mill) -> {
			lanes(mill, 1, 2, 0);
			((ObjectNode) mill.get("membership")).put("standby", true).put("unavailable", "the broker does not answer");
		});
		open();
		assertThat(browser.text("#mill-robot-speed .lanes")).contains("1 lane, none of them here",
				"Who has which lanes can't be told now: the broker does not answer.", "as of", "stands by");
		picture("console-lanes-standby");
	}

	private static void picture(String name) throws IOException {
		browser.look(1280, 1050, "light");
		browser.scrollTo("#mill-robot-speed .streams", "start");
		browser.screenshot(Path.of("target/" + name + ".png"));
	}

	/**
	 * Give a mill lanes that instances share, the first of which is this one.
	 * @param here how many are here, the first ones: one in a call, one that waits and
	 * one that failed, if there are so many
	 */
	private static void lanes(ObjectNode mill, int number, int instances, int here) {
		JsonMapper mapper = JsonMapper.shared();
		ObjectNode byState = mill.putObject("lanesByState");
		ArrayNode lanes = mill.putArray("lanes");
		for (int i = 0; i < here; i++) {
			String state = (i == 2) ? "FAILED" : "RUNNING";
			byState.withArray(state).add(i);
			ObjectNode lane = mapper.createObjectNode().put("lane", i).put("state", state).put("windowSize", 0);
			lane.putObject("liveness")
				.put("activity", (i == 0) ? "CALLING" : (i == 1) ? "WAITING" : "MERGING")
				.put("callAge", (i == 0) ? "PT5.2S" : null);
			lane.putObject("inputs")
				.putObject("robot-location")
				.put("key", String.valueOf(1000 + i))
				.put("lag", i * 7)
				.putObject("position")
				.put("offset", 100 + i);
			lane.putObject("outputs");
			if (i == 1) {
				lane.putObject("unavailable").put("what", "partition 1 of topic robots is silent");
			}
			if (i == 2) {
				lane.putObject("error").put("message", "a result is too large");
			}
			if (number < 40 || i < 8) {
				lanes.add(lane);
			}
		}
		ObjectNode membership = mill.putObject("membership")
			.put("location", "consumer group demo-robot-speed-robot-location")
			.put("standby", false)
			.put("asOf", "2026-11-23T12:00:00Z");
		ArrayNode members = membership.putArray("members");
		for (int i = 0; i < instances; i++) {
			ObjectNode member = members.addObject()
				.put("id", "member-" + i)
				.put("host", "/machine-" + i)
				.put("self", i == 0);
			int share = (instances > 1 && i > 0) ? (number - here + instances - 2) / (instances - 1) : here;
			int from = (i == 0) ? 0 : here + (i - 1) * share;
			IntStream.range(from, Math.min(number, from + share)).forEach(member.putArray("lanes")::add);
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			1280, 900, light
			1280, 900, dark
			360,  740, light
			""")
	void keepsNobodyOut(int width, int height, String colours) throws IOException {
		change("robot-speed", (mill) -> lanes(mill, 12, 3, 4));
		browser.look(width, height, colours);
		open();
		browser.awaitTrue("document.getAnimations().filter((it) => it instanceof CSSTransition).length === 0");
		assertThat(browser.barriers()).isEmpty();
		browser.eval("document.querySelector('main').append(document.createElement('img'))");
		assertThat(browser.barriers()).isNotEmpty().allMatch((barrier) -> barrier.startsWith("image-alt: "));
	}

	@Test
	void showsAllMillsAtAGlanceAndWhichWantALook() throws IOException {
		change("robot-speed", (mill) -> {
			lanes(mill, 12, 3, 4);
			ObjectNode stream = (ObjectNode) mill.get("tree").get(0);
			stream.put("deadLetters", "topic robot-locations-dlt");
			stream.putObject("deadLettered").put("invalid", 2);
		});
		open();
		assertThat(browser.text("#index li:nth-child(6)")).contains("robot-speed", "RUNNING", "34.2/s",
				"4 lanes here, 1 failed", "2 dead letters");
		assertThat(browser.text("#index li:nth-child(1)")).contains("14 behind", "window open, 38 in it");
		assertThat(browser.eval("[...document.querySelectorAll('.concern')].map((it) => it.innerText)").valueStream())
			.extracting(JsonNode::asString)
			.satisfiesExactly((it) -> assertThat(it).startsWith("orders failed: ").contains("amount"),
					(it) -> assertThat(it).startsWith("robot-speed waits: topic 'robots' does not exist"),
					(it) -> assertThat(it).isEqualTo("robot-speed nothing matches"),
					(it) -> assertThat(it).isEqualTo("robot-speed has 2 dead letters, in topic robot-locations-dlt"));
		browser.scrollTo("body", "start");
		browser.screenshot(Path.of("target/console-glance.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void showsWhoseOutputIsWhoseInput() throws IOException {
		change("ledger", (mill) -> ((ObjectNode) mill.get("tree").get(0)).put("location", "file out/invoices.json"));
		open();
		assertThat(browser.eval("document.querySelector('.topology__list').textContent").asString())
			.contains("ledger reads file out/invoices.json, which orders writes. It writes topic balances.")
			.contains("robot-speed reads file data/robot-locations.json. It writes file out/robot-speed.json.");
		assertThat(left(".topology__picture [href='#mill-ledger']"))
			.isGreaterThan(left(".topology__picture [href='#mill-orders']"));
		assertThat(count(".topology .box--place")).isEqualTo(16);
		assertNothingOverlaps(".topology ");
		browser.scrollTo("#topology", "start");
		browser.screenshot(Path.of("target/console-topology.png"));
		browser.click(".topology__picture [href='#mill-ledger']");
		browser.awaitTrue("document.activeElement.id === 'mill-ledger-name'");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void explainsWhyAKeyHasNoMatch() throws IOException {
		JsonNode body = JsonMapper.shared().readTree(MILLS);
		ObjectNode mill = (ObjectNode) body.get("mills")
			.valueStream()
			.filter((node) -> node.get("name").asString().equals("robot-speed"))
			.findFirst()
			.orElseThrow();
		ObjectNode unmatched = (ObjectNode) mill.at("/lanes/0/inputs/robot-location-next-step/unmatched");
		unmatched.putArray("recentLeft").addObject().put("key", "120").put("at", "130");
		unmatched.withArray("recentLeft").addObject().put("key", "12");
		unmatched.putArray("recentRight");
		open();
		this.endpoint.answerOne(mill.toString());
		String search = "#mill-robot-speed .search";
		browser.click(search + " summary");
		browser.click(search + " input");
		browser.press("12" + Keys.ENTER);
		browser.awaitText(search, "2 keys without a match:");
		assertThat(browser.text(search + " ul")).isEqualTo("""
				12 of robot-location found no match: robot-location-next-step was over.
				120 of robot-location found no match: robot-location-next-step was at 130 already.""");
		browser.press(Keys.chord(Keys.CONTROL, "a") + "121" + Keys.ENTER);
		browser.awaitText(search, "121 is none of the last keys without a match.");
		assertThat(browser.text(search + " ul")).isEqualTo("""
				robot-location has not come to it yet: it stands at 120.
				robot-location-next-step stands at it now.""");
		assertThat(browser.barriers()).isEmpty();
		browser.scrollTo(search, "center");
		browser.screenshot(Path.of("target/console-explain.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void drawsTheLastMinutes() throws IOException {
		open();
		change("robot-speed", (mill) -> {
			((ObjectNode) mill.get("tree").get(0)).put("rate", 68.4).put("lag", 5);
			((ObjectNode) mill.get("outputs").get(0)).put("rate", 60.0);
		});
		String timeline = "#mill-robot-speed .timeline";
		browser.awaitText(timeline, "68.4/s read");
		assertThat(browser.text(timeline)).contains("60/s results", "at most 68.4/s", "5 elements behind");
		assertThat(browser.eval("document.querySelector('" + timeline + " [role=img]').getAttribute('aria-label')")
			.asString())
			.matches("Rates of robot-speed in the last \\d+ m?s: read 68.4/s now, results 60/s now, "
					+ "at most 68.4/s.");
		// What was before is told where it is pointed at
		browser.eval("""
				(() => {
					const picture = document.querySelector('%s svg');
					const { left, top } = picture.getBoundingClientRect();
					picture.dispatchEvent(new PointerEvent('pointermove', { clientX: left + 1, clientY: top + 5 }));
				})()""".formatted(timeline));
		browser.awaitText(timeline, "34.2/s read");
		browser.scrollTo(timeline, "center");
		browser.screenshot(Path.of("target/console-timeline.png"));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void drawsWhatTheServerRemembersBeforeThePageWasOpened() {
		Instant now = Instant.now();
		String samples = IntStream.range(0, 120)
			.mapToObj((i) -> "{\"at\":\"" + now.minusSeconds(240 - 2L * i) + "\",\"read\":" + (100 + i)
					+ ",\"results\":50,\"lag\":7,\"deadLetters\":0}")
			.collect(Collectors.joining(","));
		this.endpoint.answerOne("{\"history\":[" + samples + "]}");
		open();
		String timeline = "#mill-robot-speed .timeline";
		// and some seconds, which it took to open the page
		browser.awaitText(timeline, "4 min");
		assertThat(browser.text(timeline)).contains("at most 219/s");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void hasAButtonForEachActionAndNoOther() {
		open();
		assertThat(actions("camera-calibration")).isEqualTo("[\"pause\",\"stop\"]");
		assertThat(actions("orders")).isEqualTo("[\"start\",\"reset\"]");
		assertThat(actions("watch")).isEqualTo("[]");
		assertThat(browser.eval("document.querySelector('#mill-watch .actions').hidden").asBoolean()).isTrue();
	}

	private static String actions(String mill) {
		return browser
			.eval("[...document.querySelectorAll('#mill-" + mill
					+ " [data-action]')].map((button) => button.dataset.action)")
			.toString();
	}

	@Test
	void asksBeforeAReset() {
		open();
		browser.click("#mill-orders [data-action=reset]");
		browser.awaitText("#confirm", "Reset orders?");
		assertThat(browser.eval("document.activeElement.id").asString()).isEqualTo("confirm-no");
		browser.click("#confirm-no");
		browser.awaitTrue("!document.querySelector('#confirm').open");
		assertThat(this.endpoint.requests()).isEmpty();
		browser.click("#mill-orders [data-action=reset]");
		browser.awaitText("#confirm", "Reset orders?");
		browser.click("#confirm-yes");
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.endpoint.requests()).containsExactly(
					new EndpointStub.Request("/actuator/watermill/orders", "{\"action\":\"reset\"}", "secret+1")));
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void tellsWhyAMillDoesNotObey() {
		this.endpoint.answerActions(400, "{\"message\":\"The mill 'robot-speed' is about to stop.\"}");
		open();
		browser.click("#mill-robot-speed [data-action=pause]");
		browser.awaitText("#mill-robot-speed .answer", "The mill 'robot-speed' is about to stop.");
		assertThat(browser.eval("document.querySelector('#mill-robot-speed .answer').ariaLive").asString())
			.isEqualTo("polite");
		this.endpoint.answerActions(403, "");
		browser.click("#mill-robot-speed [data-action=pause]");
		browser.awaitText("#mill-robot-speed .answer", "you may not do that here");
		this.endpoint.answerActions(200, "{}");
		browser.click("#mill-robot-speed [data-action=pause]");
		browser.awaitTrue("document.querySelector('#mill-robot-speed .answer').textContent === ''");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void sendsTheTokenThatThePageWasTold(boolean withCookie) {
		this.endpoint.requireToken("of-the-session", withCookie);
		open();
		browser.click("#mill-robot-speed [data-action=pause]");
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.endpoint.requests().size() == (withCookie ? 2 : 1));
		// That of the cookie is tried first
		assertThat(this.endpoint.requests()).extracting(EndpointStub.Request::csrfToken)
			.isEqualTo(withCookie ? List.of("secret+1", "of-the-session") : List.of("of-the-session"));
		browser.awaitTrue("document.querySelector('#mill-robot-speed .answer').textContent === ''");
	}

	@Test
	void doesNotTakeALoginForAnAnswer() {
		this.endpoint.answerActions(302, "");
		open();
		browser.click("#mill-robot-speed [data-action=pause]");
		browser.awaitText("#mill-robot-speed .answer", "Sign in first");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void callsAnotherOriginWithWhatThatAllows(boolean withCredentials) throws IOException {
		try (EndpointStub other = new EndpointStub()) {
			other.answer(200, MILLS);
			Map<String, String> cors = new HashMap<>(Map.of("Access-Control-Allow-Origin", this.endpoint.origin(),
					"Access-Control-Allow-Methods", "GET,POST", "Access-Control-Allow-Headers", "Content-Type"));
			if (withCredentials) {
				cors.put("Access-Control-Allow-Credentials", "true");
			}
			other.allow(cors);
			this.endpoint.call(other);
			open();
			browser.click("#mill-robot-speed [data-action=pause]");
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !other.requests().isEmpty());
			// A token is between the page and its own server
			assertThat(other.requests()).containsExactly(
					new EndpointStub.Request("/actuator/watermill/robot-speed", "{\"action\":\"pause\"}", null));
			assertThat(other.sentCookie()).isEqualTo(withCredentials ? "XSRF-TOKEN=secret%2B1" : null);
			assertThat(this.endpoint.reads()).isZero();
			if (withCredentials) {
				assertThat(browser.log()).isEmpty();
			}
		}
	}

	@Test
	void saysWhatAnotherOriginHasToAllow() throws IOException {
		try (EndpointStub other = new EndpointStub()) {
			other.answer(200, MILLS);
			this.endpoint.call(other);
			browser.open(this.endpoint.url());
			browser.awaitText("#trouble",
					"management.endpoints.web.cors.allowed-origins=" + this.endpoint.origin() + "\n");
			other.allow(Map.of("Access-Control-Allow-Origin", this.endpoint.origin()));
			browser.awaitText("#live-text", "Live");
			browser.click("#mill-robot-speed [data-action=pause]");
			browser.awaitText("#mill-robot-speed .answer", "allowed-headers=Content-Type");
			assertThat(other.requests()).isEmpty();
		}
	}

	@Test
	void keepsTheFocusAndTellsOfNewStates() {
		open();
		browser.eval("document.querySelector('#mill-robot-speed [data-action=stop]').focus()");
		change("robot-speed", (mill) -> mill.put("deliveries", 4711));
		browser.awaitText("#mill-robot-speed", "4,711");
		assertThat(browser.eval("document.activeElement.ariaLabel").asString()).isEqualTo("Stop robot-speed");
		assertThat(browser.text("#announcer")).isEmpty();
		browser.eval("document.querySelector('#mill-robot-speed [data-action=pause]').focus()");
		change("robot-speed", (mill) -> {
			mill.put("state", "PAUSED");
			mill.putArray("actions").add("resume").add("stop");
		});
		browser.awaitText("#mill-robot-speed .badge", "PAUSED");
		assertThat(browser.eval("document.activeElement.ariaLabel").asString()).isEqualTo("Resume robot-speed");
		assertThat(browser.eval("document.querySelector('#announcer').textContent").asString())
			.isEqualTo("robot-speed is paused.");
	}

	@Test
	void keepsWhatItKnowsWhileTheServerIsAway() throws IOException {
		open();
		this.endpoint.goAway();
		browser.awaitText("#trouble", "The server does not answer");
		assertThat(browser.text("#live-text")).startsWith("Server away, as of ");
		assertThat(browser.text("#mill-robot-speed")).contains("RUNNING");
		this.endpoint.comeBack();
		browser.awaitText("#live-text", "Live");
		browser.awaitTrue("document.querySelector('#trouble').hidden");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			401 | Sign in to see the mills
			403 | You may not see the mills
			404 | management.endpoints.web.exposure.include=health,watermill
			500 | The endpoint answered with 500
			200 | What is at /actuator/watermill is not the endpoint
			""")
	void saysWhatToDo(int status, String words) {
		this.endpoint.answer(status, "");
		browser.open(this.endpoint.url());
		browser.awaitText("#trouble", words);
		this.endpoint.answer(200, MILLS);
		if (status == 401) {
			browser.click("#trouble-retry");
		}
		browser.awaitText("#live-text", "Live");
	}

	@Test
	void takesWhatIsMissingAsUnknown() {
		this.endpoint.answer(200, """
				{ "mills": [
					{ "name": "bare" },
					{ "name": "empty", "state": "RUNNING", "tree": [], "outputs": [], "lanes": [], "actions": [],
						"progress": {}, "window": {}, "lastError": {}, "unavailable": {} },
					{ "name": "old", "state": "STOPPED", "unavailable": "the broker", "tree": [ { "stream": "a" },
						{ "stream": "b", "parent": "a" } ], "lanes": [ {} ], "outputs": [ { "stream": "c" } ] }
				] }""");
		open();
		assertThat(browser.text("#mill-bare")).contains("bare");
		assertThat(browser.text("#mill-old")).contains("? = ?").contains("the broker");
		assertThat(browser.text("main")).doesNotContain("undefined").doesNotContain("null").doesNotContain("NaN");
		this.endpoint.answer(200, "{\"mills\":[]}");
		browser.awaitText("#empty", "This application has no mills.");
		assertThat(browser.log()).isEmpty();
	}

	@Test
	void findsAMillAmongMany() {
		open();
		browser.click("#filter");
		browser.press("ROBOT");
		browser.awaitTrue("document.querySelectorAll('.mill').length === 1");
		assertThat(browser.text("#index")).contains("robot-speed").doesNotContain("orders");
		browser.press("x");
		browser.awaitText("#empty", "No mill has a name like that.");
	}

	@Test
	void goesToTheMillOfALink() {
		browser.open(this.endpoint.url() + "#mill-watch");
		browser.awaitTrue("document.activeElement.id === 'mill-watch-name'");
		browser.awaitTrue("document.activeElement.getBoundingClientRect().top < innerHeight");
	}

	@Test
	void fitsOnAPhone() throws IOException {
		browser.look(360, 740, "light");
		open();
		assertThat(browser.eval("document.documentElement.scrollWidth").asInt()).isEqualTo(360);
		assertThat(browser.log()).isEmpty();
		browser.eval("document.querySelector('#mill-camera-calibration .diagram')"
				+ ".scrollIntoView({ behavior: 'instant' })");
		browser.screenshot(Path.of("target/console-nested-phone.png"));
	}

	@Test
	void standsStillForThoseWhoWantIt() {
		open();
		String animation = "getComputedStyle(document.querySelector('#mill-camera-calibration .is-flowing "
				+ ".edge__water')).animationName";
		assertThat(browser.eval(animation).asString()).isEqualTo("flow");
		browser.devTools("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
		assertThat(browser.eval(animation).asString()).isEqualTo("none");
	}

	@Test
	void asksNothingWhileNobodyLooks() {
		open();
		browser.eval("Object.defineProperty(document, 'hidden', { value: true, configurable: true }) "
				+ "&& document.dispatchEvent(new Event('visibilitychange'))");
		int reads = this.endpoint.reads();
		Awaitility.await()
			.during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(4))
			.until(() -> this.endpoint.reads() <= reads + 1);
		browser.eval("delete document.hidden && document.dispatchEvent(new Event('visibilitychange'))");
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.endpoint.reads() >= reads + 2);
	}

}
