package dev.watermill.spring.metrics;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.spring.actuate.InMemoryMills;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MillMetricsTests {

	private final MillTimers timers = new MillTimers();

	private final InMemoryMills mills = new InMemoryMills(this.timers);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@AfterEach
	void stopMills() throws InterruptedException {
		this.mills.close();
	}

	@Test
	void countsDeliveriesThatAreInFlight() {
		Mill mill = this.mills.addLater("robot-calls");
		bind();
		this.mills.appendLocations("robot-calls", "location", 5);
		mill.start();
		await().atMost(Duration.ofSeconds(10)).until(() -> gauge("watermill.deliveries.in-flight") == 3);
		mill.stop();
		await().atMost(Duration.ofSeconds(10)).until(() -> gauge("watermill.deliveries.in-flight") == 0);
	}

	@Test
	void bindsTheMetersOfTheContractTaggedByMill() {
		this.mills.addJoin("robot-speed");
		bind();
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.containsOnly("watermill.elements.read", "watermill.elements.skipped", "watermill.elements.lost",
					"watermill.dead-letters", "watermill.deliveries", "watermill.deliveries.skipped",
					"watermill.restarts", "watermill.results", "watermill.process", "watermill.commit", "watermill.lag",
					"watermill.window.size", "watermill.state", "watermill.unavailable", "watermill.activity",
					"watermill.progress.age", "watermill.call.age", "watermill.lanes", "watermill.lanes.start",
					"watermill.lanes.handover", "watermill.rebalances");
		assertThat(this.registry.getMeters())
			.allSatisfy((meter) -> assertThat(meter.getId().getTag("mill")).isEqualTo("robot-speed"))
			.allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank());
		assertThat(tagKeys("watermill.elements.read")).containsExactly("mill", "stream");
		assertThat(tagKeys("watermill.elements.skipped")).containsExactly("mill", "reason", "stream");
		assertThat(tagKeys("watermill.dead-letters")).containsExactly("mill", "reason", "stream");
		assertThat(tagKeys("watermill.deliveries")).containsExactly("mill");
		assertThat(tagKeys("watermill.restarts")).containsExactly("mill");
		assertThat(tagKeys("watermill.results")).containsExactly("mill", "stream");
		assertThat(tagKeys("watermill.process")).containsExactly("mill");
		assertThat(tagKeys("watermill.commit")).containsExactly("mill");
		assertThat(tagKeys("watermill.lag")).containsExactly("mill", "stream");
		assertThat(tagKeys("watermill.window.size")).containsExactly("mill");
		assertThat(tagKeys("watermill.state")).containsExactly("mill", "state");
		assertThat(tagKeys("watermill.lanes")).containsExactly("mill", "state");
		assertThat(tagKeys("watermill.lanes.start")).containsExactly("mill");
		assertThat(tagKeys("watermill.lanes.handover")).containsExactly("mill");
		assertThat(tagKeys("watermill.rebalances")).containsExactly("change", "mill");
		assertThat(tagKeys("watermill.unavailable")).containsExactly("mill");
		assertThat(tagKeys("watermill.activity")).containsExactly("activity", "mill");
		assertThat(tagKeys("watermill.progress.age")).containsExactly("mill");
		assertThat(tagKeys("watermill.call.age")).containsExactly("mill");
	}

	@Test
	void countsWhatAMillDidAndKeepsItWhenItCompleted() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		this.mills.appendLocations("robot-speed", "location", 4).end();
		this.mills.appendLocations("robot-speed", "next-step", 5).end();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(count("watermill.elements.read", "stream", "location")).isEqualTo(4);
		assertThat(count("watermill.elements.read", "stream", "next-step")).isEqualTo(5);
		assertThat(count("watermill.elements.skipped", "stream", "next-step", "reason", "unmatched")).isEqualTo(1);
		assertThat(count("watermill.elements.skipped", "stream", "next-step", "reason", "surplus")).isZero();
		assertThat(count("watermill.elements.skipped", "stream", "next-step", "reason", "invalid")).isZero();
		assertThat(count("watermill.elements.skipped", "stream", "next-step", "reason", "disorder")).isZero();
		assertThat(count("watermill.deliveries")).isEqualTo(4);
		assertThat(count("watermill.deliveries.skipped")).isZero();
		assertThat(count("watermill.results", "stream", "speed")).isEqualTo(4);
		assertThat(states(mill)).containsExactly("completed");
	}

	@Test
	void timesDeliveriesAndCommits() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		this.mills.appendLocations("robot-speed", "location", 4).end();
		this.mills.appendLocations("robot-speed", "next-step", 5).end();
		mill.run();
		Timer process = this.registry.get("watermill.process").tag("mill", "robot-speed").timer();
		Timer commit = this.registry.get("watermill.commit").tag("mill", "robot-speed").timer();
		assertThat(process.count()).isEqualTo(4);
		assertThat(process.totalTime(TimeUnit.NANOSECONDS)).isPositive();
		assertThat(commit.count()).isPositive();
		assertThat(commit.totalTime(TimeUnit.NANOSECONDS)).isPositive();
	}

	@Test
	void keepsMillsApart() {
		this.mills.addCompletedJoin("one");
		this.mills.addJoin("two");
		bind();
		assertThat(this.registry.get("watermill.deliveries").tag("mill", "one").functionCounter().count()).isEqualTo(4);
		assertThat(this.registry.get("watermill.deliveries").tag("mill", "two").functionCounter().count()).isZero();
	}

	@Test
	void recordsInEveryRegistryItWasBoundTo() {
		Mill mill = this.mills.addJoin("robot-speed");
		SimpleMeterRegistry another = new SimpleMeterRegistry();
		bind();
		new MillMetrics(this.mills, this.timers).bindTo(another);
		this.mills.appendLocations("robot-speed", "location", 2).end();
		this.mills.appendLocations("robot-speed", "next-step", 3).end();
		mill.run();
		assertThat(this.registry.get("watermill.process").timer().count()).isEqualTo(2);
		assertThat(another.get("watermill.process").timer().count()).isEqualTo(2);
	}

	@Test
	void doesNotKnowTheLagBeforeTheFirstCommit() {
		this.mills.addJoin("robot-speed");
		bind();
		assertThat(gauge("watermill.lag", "stream", "location")).isNaN();
		assertThat(gauge("watermill.lag", "stream", "next-step")).isNaN();
	}

	@Test
	void showsTheLag() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		this.mills.appendLocations("robot-speed", "location", 3);
		this.mills.appendLocations("robot-speed", "next-step", 4);
		mill.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(gauge("watermill.lag", "stream", "location")).isZero());
	}

	@Test
	void showsTheSizeOfTheOpenWindow() {
		Mill mill = this.mills.addWindow("robot-windows");
		bind();
		assertThat(gauge("watermill.window.size")).isZero();
		this.mills.appendLocations("robot-windows", "location", 5);
		mill.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(gauge("watermill.window.size")).isEqualTo(2));
		this.mills.stream("robot-windows", "location").end();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("completed"));
		assertThat(gauge("watermill.window.size")).isZero();
	}

	@Test
	void showsTheState() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		assertThat(states(mill)).containsExactly("stopped");
		mill.waitFor("mill 'robots'");
		assertThat(states(mill)).containsExactly("starting");
		mill.start();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("running"));
		mill.pause();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("paused"));
		mill.stop();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("stopped"));
		Mill failed = this.mills.addFailedJoin("failed");
		bind();
		assertThat(states(failed)).containsExactly("failed");
	}

	@Test
	void showsThatABrokerIsAway() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		assertThat(gauge("watermill.unavailable")).isZero();
		this.mills.setReachable("robot-speed", false);
		mill.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(gauge("watermill.unavailable")).isEqualTo(1));
		this.mills.setReachable("robot-speed", true);
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(gauge("watermill.unavailable")).isZero());
	}

	@Test
	void showsThatAnotherInstanceTookOver() {
		Mill mill = this.mills.addJoin("robot-speed");
		bind();
		mill.start();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("running"));
		this.mills.takeOver("robot-speed");
		this.mills.appendLocations("robot-speed", "location", 2);
		this.mills.appendLocations("robot-speed", "next-step", 2);
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(states(mill)).contains("stopped"));
		assertThat(gauge("watermill.unavailable")).isEqualTo(1);
	}

	@Test
	void showsInSecondsForHowLongAFunctionHangs() throws InterruptedException {
		AtomicLong nanos = new AtomicLong();
		CountDownLatch called = new CountDownLatch(1);
		CountDownLatch returns = new CountDownLatch(1);
		InMemoryBroker broker = new InMemoryBroker();
		MillBuilder builder = Mill.builder("slow")
			.pollTimeout(Duration.ofMillis(10))
			.clock(Clock.systemUTC(), nanos::get);
		Input<Integer> in = builder.from("in", Integer.class, broker);
		builder.process((delivery) -> {
			called.countDown();
			returns.await();
			return delivery.get(in);
		}).to("out", Integer.class, broker);
		Mill mill = this.mills.add(builder.build());
		bind();
		assertThat(gauge("watermill.progress.age")).isNaN();
		assertThat(gauge("watermill.call.age")).isZero();
		assertThat(activities(mill)).containsExactly("none");
		broker.<Integer>stream("in").append(1);
		mill.start();
		assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(gauge("watermill.call.age")).isZero();
		nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
		assertThat(gauge("watermill.call.age")).isEqualTo(300);
		assertThat(gauge("watermill.progress.age")).isEqualTo(300);
		assertThat(activities(mill)).containsExactly("calling");
		returns.countDown();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(gauge("watermill.call.age")).isZero();
			assertThat(gauge("watermill.progress.age")).isZero();
			assertThat(activities(mill)).containsExactly("idle");
		});
	}

	private List<String> activities(Mill mill) {
		return List.of(MillLiveness.Activity.values())
			.stream()
			.map((activity) -> activity.name().toLowerCase(Locale.ROOT))
			.filter((activity) -> gauge("watermill.activity", "mill", mill.name(), "activity", activity) != 0)
			.toList();
	}

	private void bind() {
		new MillMetrics(this.mills, this.timers).bindTo(this.registry);
	}

	private double count(String name, String... tags) {
		return this.registry.get(name).tags(tags).functionCounter().count();
	}

	private double gauge(String name, String... tags) {
		return this.registry.get(name).tags(tags).gauge().value();
	}

	private List<String> states(Mill mill) {
		return List.of(MillState.values())
			.stream()
			.map((state) -> state.name().toLowerCase(Locale.ROOT))
			.filter((state) -> gauge("watermill.state", "mill", mill.name(), "state", state) != 0)
			.toList();
	}

	private List<String> tagKeys(String name) {
		Meter meter = this.registry.get(name).meters().iterator().next();
		return meter.getId().getTags().stream().map((tag) -> tag.getKey()).toList();
	}

}
