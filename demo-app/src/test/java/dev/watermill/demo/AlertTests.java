package dev.watermill.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.mill.Mills;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

/**
 * Makes the outage that each alert is for, on topics, and scrapes what Prometheus would
 * scrape before, while it lasts, and after. Prometheus itself then tells which alerts of
 * the docs would fire over hours of that.
 */
@DirtiesContext
@SpringBootTest(classes = AlertTests.Outages.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "watermill.auto-startup=true", "spring.config.name=alerts", "logging.level.root=error",
				"spring.docker.compose.enabled=false", "management.endpoints.web.exposure.include=prometheus",
				"watermill.mills.away.auto-startup=false", "watermill.mills.failing.retry.max-retries=0",
				"watermill.mills.skipping.retry.max-retries=0", "watermill.mills.skipping.on-error=skip",
				"watermill.mills.retrying.retry.max-retries=1000000", "watermill.mills.retrying.retry.delay=50ms",
				"watermill.mills.retrying.retry.max-delay=50ms", "watermill.mills.slow.commit-interval=1ms",
				"watermill.streams.bad-in.on-invalid=skip", "watermill.streams.dead-in.on-invalid=dead-letter",
				"spring.application.name=alert-tests" })
class AlertTests {

	private static final Path RULES = Path.of("../docs/monitoring/prometheus-alerts.yml");

	private static final List<String> SINGLE = List.of("failing", "away", "hanging", "retrying", "stopped", "bad",
			"dead", "skipping", "slow", "writing");

	private static final List<String> JOINED = List.of("mismatching", "windowed");

	private static final String RUN = UUID.randomUUID().toString();

	@TempDir
	static Path directory;

	@LocalServerPort
	private int port;

	@Autowired
	private Mills mills;

	@Autowired
	private Outages outages;

	/** What all tests are about, made once. */
	private static Scrape before;

	private static Scrape begun;

	private static Scrape lasting;

	private static Scrape mended;

	private static Scrape after;

	@DynamicPropertySource
	static void bind(DynamicPropertyRegistry registry) {
		Stream
			.concat(SINGLE.stream().map((mill) -> mill + "-in"),
					JOINED.stream().flatMap((mill) -> Stream.of(mill + "-left", mill + "-right")))
			.forEach((stream) -> registry.add("watermill.streams." + stream + ".topic", () -> topic(stream)));
		registry.add("watermill.streams.copy.file", () -> directory.resolve("copy.json").toString());
		registry.add("watermill.state-dir", () -> directory.resolve("state").toString());
		registry.add("spring.kafka.bootstrap-servers", SharedKafka::bootstrapServers);
		// the mills are at work as soon as the application is
		for (String mill : SINGLE) {
			if (!mill.equals("away")) {
				SharedKafka.topics().create(topic(mill + "-in"), 1);
			}
		}
		for (String mill : JOINED) {
			SharedKafka.topics().create(topic(mill + "-left"), 1);
			SharedKafka.topics().create(topic(mill + "-right"), 1);
		}
	}

	private static String topic(String stream) {
		return stream + "-" + RUN;
	}

	private static void send(String stream, Stream<String> elements) {
		SharedKafka.topics()
			.send(elements.map((element) -> new ProducerRecord<String, String>(topic(stream), element)).toList(),
					new StringSerializer(), new StringSerializer());
	}

	private static void send(String stream, IntStream ids) {
		send(stream, ids.mapToObj((id) -> "{\"id\":" + id + "}"));
	}

	private static void sendAll(List<String> mills, int id) {
		mills.forEach((mill) -> send(mill + "-in", IntStream.of(id)));
	}

	private Scrape scrape() {
		return Scrape.parse(RestClient.create("http://localhost:" + this.port + "/actuator/prometheus")
			.get()
			.retrieve()
			.body(String.class));
	}

	/**
	 * Scrape until everything is as it is to be.
	 */
	@SafeVarargs
	private Scrape scrapeOnce(Predicate<Scrape>... conditions) {
		Scrape[] scraped = new Scrape[1];
		for (int i = 0; i < conditions.length; i++) {
			Predicate<Scrape> condition = conditions[i];
			Awaitility.await("condition " + i)
				.atMost(Duration.ofSeconds(20))
				.pollInterval(Duration.ofMillis(50))
				.until(() -> {
					scraped[0] = scrape();
					return condition.test(scraped[0]);
				});
		}
		return scraped[0];
	}

	private static Predicate<Scrape> delivered(List<String> mills, int deliveries) {
		return (scrape) -> mills.stream()
			.allMatch((mill) -> value(scrape, "watermill_deliveries_total", mill) == deliveries);
	}

	private static Predicate<Scrape> is(String mill, String state) {
		return (scrape) -> scrape.value("watermill_state", label("mill", mill), label("state", state)) == 1;
	}

	private static double value(Scrape scrape, String metric, String mill) {
		return scrape.value(metric, label("mill", mill));
	}

	private static String label(String name, String value) {
		return name + "=\"" + value + "\"";
	}

	@BeforeEach
	void makeOutages() {
		Promtool.require();
		if (after != null) {
			return;
		}
		List<String> atWork = SINGLE.stream().filter((mill) -> !mill.equals("away")).toList();
		sendAll(atWork, 1);
		JOINED.forEach((mill) -> {
			send(mill + "-left", IntStream.of(1));
			send(mill + "-right", IntStream.of(1));
		});
		before = scrapeOnce(delivered(atWork, 1), delivered(List.of("mismatching"), 1),
				(scrape) -> value(scrape, "watermill_window_size_elements", "windowed") == 1,
				is("following", "starting"), (scrape) -> value(scrape, "watermill_lag_elements", "hanging") == 0);

		this.outages.begin();
		this.mills.get("stopped").stop();
		this.mills.get("away").start();
		sendAll(List.of("failing", "retrying", "skipping", "slow"), 2);
		send("hanging-in", IntStream.range(2, 15_000));
		send("bad-in", Stream.of("{\"id\":\"two\"}"));
		send("dead-in", Stream.of("{\"id\":\"two\"}"));
		sendMismatching(2, 4);
		scrapeOnce(is("failing", "failed"), is("stopped", "stopped"),
				(scrape) -> value(scrape, "watermill_unavailable", "away") == 1,
				(scrape) -> scrape.value("watermill_activity", label("mill", "hanging"),
						label("activity", "calling")) == 1,
				(scrape) -> value(scrape, "watermill_lag_elements", "hanging") > 14_000,
				(scrape) -> this.mills.get("retrying").status().lastError() != null);
		this.outages.pass(Duration.ofMinutes(20));
		Predicate<Scrape> othersGetOn = (scrape) -> Stream
			.of("bad", "skipping", "slow", "mismatching", "windowed", "writing")
			.allMatch((mill) -> value(scrape, "watermill_progress_age_seconds", mill) < 300);
		begun = scrapeOnce((scrape) -> value(scrape, "watermill_call_age_seconds", "hanging") > 1_000,
				(scrape) -> value(scrape, "watermill_deliveries_skipped_deliveries_total", "skipping") == 1,
				(scrape) -> scrape.value("watermill_elements_skipped_elements_total", label("mill", "bad"),
						label("reason", "invalid")) == 1,
				(scrape) -> scrape.value("watermill_dead_letters_elements_total", label("mill", "dead"),
						label("reason", "invalid")) == 1,
				delivered(List.of("slow"), 2), othersGetOn);

		sendAll(List.of("skipping", "slow"), 3);
		send("hanging-in", IntStream.range(15_000, 35_000));
		send("bad-in", Stream.of("{\"id\":\"three\"}"));
		send("dead-in", Stream.of("{\"id\":\"three\"}"));
		sendMismatching(10, 3_000);
		send("windowed-left", IntStream.range(2, 3_000));
		send("windowed-right", IntStream.range(2, 6_000).filter((id) -> id < 2_000 || id % 2 == 0));
		lasting = scrapeOnce(
				(scrape) -> value(scrape, "watermill_deliveries_skipped_deliveries_total", "skipping") == 2,
				(scrape) -> scrape.value("watermill_elements_skipped_elements_total", label("mill", "bad"),
						label("reason", "invalid")) == 2,
				(scrape) -> scrape.value("watermill_dead_letters_elements_total", label("mill", "dead"),
						label("reason", "invalid")) == 2,
				(scrape) -> value(scrape, "watermill_lag_elements", "hanging") > 34_000, delivered(List.of("slow"), 3),
				(scrape) -> scrape.value("watermill_elements_read_elements_total",
						label("mill", "mismatching")) > 5_000,
				(scrape) -> value(scrape, "watermill_window_size_elements", "windowed") > 2_000, othersGetOn);

		this.outages.end();
		this.mills.get("stopped").start();
		this.mills.get("failing").start();
		SharedKafka.topics().create(topic("away-in"), 1);
		sendAll(List.of("away"), 1);
		mended = scrapeOnce(is("stopped", "running"), is("failing", "running"), is("away", "running"),
				(scrape) -> value(scrape, "watermill_unavailable", "away") == 0, delivered(List.of("away"), 1),
				delivered(List.of("failing", "retrying"), 2), delivered(List.of("hanging"), 34_999),
				(scrape) -> value(scrape, "watermill_lag_elements", "hanging") == 0, othersGetOn);
		sendAll(SINGLE, 100_000);
		send("mismatching-left", IntStream.of(100_000));
		send("mismatching-right", IntStream.of(100_000));
		after = scrapeOnce(delivered(List.of("hanging"), 35_000), delivered(List.of("failing", "retrying"), 3),
				delivered(List.of("slow"), 4), delivered(List.of("mismatching"), 2), othersGetOn);
	}

	private static void sendMismatching(int from, int count) {
		send("mismatching-left", IntStream.range(from, from + count).map((id) -> 2 * id));
		send("mismatching-right", IntStream.range(from, from + count).map((id) -> 2 * id + 1));
	}

	private static String alert(String name, String severity, String target, Map<String, String> labels) {
		StringBuilder alert = new StringBuilder("alertname=\"" + name + "\",severity=\"" + severity + "\"," + target);
		labels.forEach((label, value) -> alert.append(",").append(label(label, value)));
		return alert.toString();
	}

	@Test
	void eachAlertFiresInTheOutageItIsForAndClears() throws IOException {
		String service = "job=\"a\",namespace=\"one\"";
		String target = service + ",instance=\"a:8080\"";
		String away = alert("WaterMillStopped", "warning", service, Map.of("mill", "away"));
		new Promtool(RULES, directory).target(target, List.of(before), List.of(begun, lasting), List.of(mended, after))
			// of like-named mills of other services, which are well, nobody hears
			.target("job=\"b\",namespace=\"one\",instance=\"b:8080\"", List.of(mended), List.of(mended),
					List.of(mended))
			.target("job=\"a\",namespace=\"two\",instance=\"c:8080\"", List.of(mended), List.of(mended),
					List.of(mended))
			.expect(0, away)
			.expect(1, away, alert("WaterMillStopped", "warning", service, Map.of("mill", "stopped")),
					alert("WaterMillFailed", "critical", target, Map.of("mill", "failing", "state", "failed")),
					alert("WaterMillUnavailable", "critical", target, Map.of("mill", "away")),
					alert("WaterMillCallHangs", "critical", target, Map.of("mill", "hanging")),
					alert("WaterMillStandsStill", "critical", target, Map.of("mill", "retrying")),
					alert("WaterMillLagGrows", "warning", target, Map.of("mill", "hanging", "stream", "hanging-in")),
					alert("WaterMillNothingMatches", "warning", target, Map.of("mill", "mismatching")),
					alert("WaterMillBadElements", "warning", target,
							Map.of("mill", "bad", "stream", "bad-in", "reason", "invalid")),
					alert("WaterMillDeadLetters", "warning", target,
							Map.of("mill", "dead", "stream", "dead-in", "reason", "invalid")),
					alert("WaterMillDeliveriesSkipped", "warning", target, Map.of("mill", "skipping")),
					alert("WaterMillCommitsSlow", "warning", target, Map.of("mill", "slow")))
			.expect(2)
			.check();
	}

	@Test
	void anInstanceThatStandsByIsNoAlertButOneThatFailedIs() throws IOException {
		String service = "job=\"a\",namespace=\"one\"";
		new Promtool(RULES, directory)
			.target(service + ",instance=\"a:8080\"", List.of(only(lasting, "stopped", "failing")))
			.target(service + ",instance=\"b:8080\"", List.of(only(mended, "stopped", "failing")))
			.expect(0,
					alert("WaterMillFailed", "critical", service + ",instance=\"a:8080\"",
							Map.of("mill", "failing", "state", "failed")))
			.check();
	}

	@Test
	void whatWasCountedBeforeTheFirstScrapeIsAnAlertForAWhile() throws IOException {
		String target = "job=\"a\",instance=\"a:8080\"";
		Scrape nothingYet = new Scrape(Map.of());
		new Promtool(RULES, directory).target(target, List.of(nothingYet), List.of(only(lasting, "bad", "skipping")))
			.expect(0)
			.expectAt(Promtool.STRETCH + 5,
					alert("WaterMillBadElements", "warning", target,
							Map.of("mill", "bad", "stream", "bad-in", "reason", "invalid")),
					alert("WaterMillDeliveriesSkipped", "warning", target, Map.of("mill", "skipping")))
			.expect(1)
			.check();
	}

	@Test
	void aMillThatIsStartedAgainOverAndOverIsAnAlert() throws IOException {
		String target = "job=\"a\",instance=\"a:8080\"";
		new Promtool(RULES, directory)
			.target(target, List.of(restarts(0), restarts(2)), List.of(restarts(2), restarts(8)), List.of(restarts(8)))
			.expect(0)
			.expect(1, alert("WaterMillRestarts", "warning", target, Map.of("mill", "again")))
			.expect(2)
			.check();
	}

	@Test
	void recordsThatAreGoneUnreadAreAnAlert() throws IOException {
		String target = "job=\"a\",instance=\"a:8080\"";
		new Promtool(RULES, directory).target(target, List.of(lost(0)), List.of(lost(0), lost(12)), List.of(lost(12)))
			.expect(0)
			.expect(1, alert("WaterMillElementsLost", "critical", target, Map.of("mill", "late", "stream", "late-in")))
			.expect(2)
			.check();
	}

	private static Scrape lost(int count) {
		return new Scrape(
				Map.of("watermill_elements_lost_elements_total{mill=\"late\",stream=\"late-in\"}", (double) count));
	}

	private static Scrape restarts(int count) {
		return new Scrape(Map.of("watermill_restarts_total{mill=\"again\"}", (double) count));
	}

	@Test
	void badElementsAreBlamedOnTheSettingThatPassedThemOver() throws IOException {
		new Promtool(RULES, directory)
			.target("job=\"a\",instance=\"a:8080\"", List.of(only(begun, "bad"), only(lasting, "bad")))
			.expectText(Promtool.STRETCH - 5, "WaterMillBadElements",
					"severity: warning, job: a, instance: \"a:8080\", mill: bad, stream: bad-in, reason: invalid",
					"summary: \"bad-in has elements of mill bad that are invalid\", description: \"They were passed over "
							+ "since the stream says on-invalid: skip. The log tells where they stand.\"")
			.check();
	}

	private static Scrape only(Scrape scrape, String... mills) {
		Map<String, Double> samples = new LinkedHashMap<>();
		scrape.samples().forEach((series, value) -> {
			if (Stream.of(mills).anyMatch((mill) -> series.contains(label("mill", mill)))) {
				samples.put(series, value);
			}
		});
		return new Scrape(samples);
	}

	/**
	 * A mill for each outage, and when it is.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Outages {

		private final AtomicLong passed = new AtomicLong();

		private final AtomicLong passedForSlow = new AtomicLong();

		private volatile CountDownLatch end = new CountDownLatch(0);

		void begin() {
			this.end = new CountDownLatch(1);
		}

		void end() {
			this.end.countDown();
		}

		private boolean isNow() {
			return this.end.getCount() > 0;
		}

		/**
		 * Let the mills' clocks go on.
		 */
		void pass(Duration time) {
			this.passed.addAndGet(time.toNanos());
		}

		/**
		 * A disk or broker that is slow shows in that time passes with all a mill does.
		 */
		private long slowTicker() {
			Duration step = isNow() ? Duration.ofSeconds(7) : Duration.ofMillis(1);
			return this.passedForSlow.addAndGet(step.toNanos());
		}

		@Bean
		MillCustomizer clocks() {
			return (builder) -> {
				LongSupplier ticker = builder.name().equals("slow") ? this::slowTicker
						: () -> System.nanoTime() + this.passed.get();
				builder.clock(Clock.systemUTC(), ticker);
			};
		}

		private void failNow() {
			if (isNow()) {
				throw new IllegalStateException("an outage");
			}
		}

		@WaterMillProcessor
		void failing(@FromStream("failing-in") Item item) {
			failNow();
		}

		@WaterMillProcessor
		void retrying(@FromStream("retrying-in") Item item) {
			failNow();
		}

		@WaterMillProcessor
		void skipping(@FromStream("skipping-in") Item item) {
			failNow();
		}

		@WaterMillProcessor
		void hanging(@FromStream("hanging-in") Item item) throws InterruptedException {
			this.end.await();
		}

		@WaterMillProcessor
		void away(@FromStream("away-in") Item item) {
		}

		@WaterMillProcessor
		void stopped(@FromStream("stopped-in") Item item) {
		}

		@WaterMillProcessor
		void bad(@FromStream("bad-in") Item item) {
		}

		@WaterMillProcessor
		void dead(@FromStream("dead-in") Item item) {
		}

		@WaterMillProcessor
		void slow(@FromStream("slow-in") Item item) {
		}

		@WaterMillProcessor
		void mismatching(@FromStream("mismatching-left") Item left,
				@FromStream("mismatching-right") @JoinOn("id") Map<Item, Item> right) {
		}

		@WaterMillProcessor
		void windowed(@WindowBy("id / 1000000") @FromStream("windowed-left") List<Item> window,
				@FromStream("windowed-right") @JoinOn("id") Map<Item, Item> right) {
		}

		@WaterMillProcessor
		Copy writing(@FromStream("writing-in") Item item) {
			return new Copy(item.id());
		}

		@WaterMillProcessor
		void following(Copy copy) {
		}

	}

	record Item(long id) {

	}

	record Copy(long id) {

	}

}
