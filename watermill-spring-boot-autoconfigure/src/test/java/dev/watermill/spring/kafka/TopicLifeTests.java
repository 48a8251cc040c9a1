package dev.watermill.spring.kafka;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import dev.watermill.spring.actuate.endpoint.MillDescriptor;
import dev.watermill.spring.actuate.endpoint.WaterMillEndpoint;
import dev.watermill.spring.health.MillsHealthIndicator;
import dev.watermill.spring.health.MillsHealthProperties;
import dev.watermill.spring.mill.Mills;
import dev.watermill.stream.SkipReason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How mills of topics begin, wait and end, and what is seen of them.
 */
class TopicLifeTests {

	private static final String EOS = TestTopics.EOS;

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withUserConfiguration(Copy.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"));
	}

	private static String element(long time) {
		return "{\"time\":" + time + "}";
	}

	private static Health health(ApplicationContext context) {
		return new MillsHealthIndicator(context.getBean(Mills.class), new MillsHealthProperties()).health();
	}

	@Test
	void beginsAtTheEnd() {
		this.topics.write("a", element(1));
		this.runner.withPropertyValues("watermill.mills.mill.start-from=latest").run((context) -> {
			awaitRunning(context);
			this.topics.append("a", element(2), EOS);
			assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
		});
		assertThat(this.topics.read("b")).containsExactly(element(2), EOS);
	}

	private static void awaitRunning(ApplicationContext context) {
		await().untilAsserted(() -> assertThat(MillsRunner.mill(context, "mill").state()).isEqualTo(MillState.RUNNING));
	}

	@Test
	void beginsAtAnInstant() {
		Instant start = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
		this.topics.create("a");
		this.topics.send(this.topics.message("a", start.toEpochMilli() - 1, element(1)),
				this.topics.message("a", start.toEpochMilli(), element(2)),
				this.topics.message("a", start.toEpochMilli() + 1, element(3)));
		this.topics.append("a", EOS);
		this.runner.withPropertyValues("watermill.mills.mill.start-from=" + start)
			.run((context) -> MillsRunner.await(context, "mill"));
		assertThat(this.topics.read("b")).containsExactly(element(2), element(3), EOS);
	}

	@Test
	void endsAfterTheDataTimeout() {
		this.topics.write("a", element(1));
		this.runner.withPropertyValues("watermill.mills.mill.data-timeout=200ms")
			.run((context) -> assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED));
		assertThat(this.topics.read("b")).containsExactly(element(1), EOS);
	}

	@Test
	void deliversTheWindowOfATopicThatIsSilentAndClosesIt() {
		this.topics.write("a", element(1), element(2));
		ApplicationContextRunner silent = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withUserConfiguration(Tens.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"), "watermill.mills.mill.idle=100ms",
					"watermill.streams.a.on-disorder=skip");
		silent.run((context) -> await().until(() -> this.topics.read("b").equals(List.of(element(2)))));
		silent.run((context) -> {
			this.topics.append("a", element(3), element(11), EOS);
			Mill mill = MillsRunner.await(context, "mill");
			assertThat(mill.counters().inputs().get("a").skipped(SkipReason.LATE).get()).isOne();
		});
		assertThat(this.topics.read("b")).containsExactly(element(2), element(11), EOS);
	}

	@Test
	void endsTheApplicationOnCompletionAndAtOnceWhenThereIsNothingNew() {
		this.topics.write("a", element(1), EOS);
		for (int i = 0; i < 2; i++) {
			this.runner.withPropertyValues("watermill.exit-on-completion=true").run((context) -> {
				assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
				assertThat(context.getBean(ExitCodeGenerator.class).getExitCode()).isZero();
			});
			assertThat(this.topics.read("b")).containsExactly(element(1), EOS);
		}
	}

	@Test
	void waitsForMoreAfterCompletionWhereTheApplicationStays() {
		this.topics.write("a", element(1), EOS);
		this.runner.run((context) -> MillsRunner.await(context, "mill"));
		this.runner.run((context) -> {
			awaitRunning(context);
			this.topics.append("a", element(0), EOS);
			MillsRunner.await(context, "mill");
		});
		assertThat(this.topics.read("b")).containsExactly(element(1), EOS, element(0), EOS);
	}

	@Test
	void failsWithAnOutputOfFewerPartitions() {
		this.topics.create("a", 3);
		this.topics.create("b", 2);
		this.runner.run((context) -> {
			Mill mill = MillsRunner.await(context, "mill");
			assertThat(mill.state()).isEqualTo(MillState.FAILED);
			assertThat(mill.status().lastError().message()).contains(this.topics.name("b"), "2 partitions", "3");
			assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void waitsForAMissingTopic() {
		this.runner.run((context) -> {
			Mill mill = MillsRunner.mill(context, "mill");
			await().untilAsserted(() -> assertThat(mill.status().unavailable()).contains(this.topics.name("a"),
					"does not exist yet"));
			assertThat(mill.state()).isEqualTo(MillState.STARTING);
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health.getDetails().get("mill")).asString().contains("STARTING", this.topics.name("a"));
			assertThat(new WaterMillEndpoint(context.getBean(Mills.class)).mill("mill").unavailable().what())
				.contains(this.topics.name("a"));
			this.topics.write("a", element(1), EOS);
			assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
		assertThat(this.topics.read("b")).containsExactly(element(1), EOS);
	}

	@Test
	void waitsForAnOutputTopicThatItMayNotCreate() {
		this.topics.write("a", element(1), EOS);
		this.runner.withPropertyValues("watermill.kafka.create-topics=false").run((context) -> {
			Mill mill = MillsRunner.mill(context, "mill");
			await().untilAsserted(() -> assertThat(mill.status().unavailable()).contains(this.topics.name("b")));
			this.topics.create("b");
			assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED);
		});
	}

	@Test
	void isShownAndResetThroughTheEndpoint() {
		this.topics.write("a", element(1), EOS);
		this.runner.run((context) -> {
			MillsRunner.await(context, "mill");
			WaterMillEndpoint endpoint = new WaterMillEndpoint(context.getBean(Mills.class));
			MillDescriptor shown = endpoint.mill("mill");
			assertThat(shown.tree()).singleElement()
				.satisfies((node) -> assertThat(node.location()).isEqualTo("topic " + this.topics.name("a")));
			assertThat(shown.outputs()).singleElement()
				.satisfies((output) -> assertThat(output.location()).isEqualTo("topic " + this.topics.name("b")));
			assertThat(shown.lanes().get(0).inputs().get("a").position()).containsEntry("offset", 2L);
			assertThat(shown.tree().get(0).lag()).isZero();
			endpoint.steer("mill", "reset");
			assertThat(endpoint.mill("mill").lanes()).isEmpty();
			endpoint.steer("mill", "start");
			await().untilAsserted(
					() -> assertThat(this.topics.read("b")).containsExactly(element(1), EOS, element(1), EOS));
		});
	}

	@Test
	void hasGroupsOfTheConfiguredPrefix() {
		this.topics.write("a", element(1), EOS);
		String prefix = this.topics.name("fleet");
		this.runner.withPropertyValues("watermill.kafka.group-id-prefix=" + prefix)
			.run((context) -> MillsRunner.await(context, "mill"));
		this.topics.awaitLag(prefix + "-mill-a", "a", 0);
	}

	@Test
	void countsWithTheMetricsOfKafkasClients() {
		this.topics.write("a", element(1));
		this.runner.withConfiguration(AutoConfigurations.of(KafkaMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> {
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				await().untilAsserted(() -> {
					assertThat(ids(meters, "kafka.consumer.fetch.manager.records.consumed.total")).isNotEmpty();
					assertThat(ids(meters, "kafka.producer.txn.commit.time.ns.total")).isNotEmpty();
				});
				MillsRunner.mill(context, "mill").stop();
				MillsRunner.await(context, "mill");
				assertThat(ids(meters, "kafka.consumer.fetch.manager.records.consumed.total")).isEmpty();
				assertThat(ids(meters, "kafka.producer.txn.commit.time.ns.total")).isEmpty();
			});
	}

	private static List<String> ids(MeterRegistry meters, String name) {
		return meters.find(name).meters().stream().map((meter) -> meter.getId().getTag("spring.id")).toList();
	}

	@WaterMillProcessor("mill")
	static class Tens {

		@ToStream("b")
		A last(@WindowBy(value = "time", size = "10") List<A> window) {
			return window.get(window.size() - 1);
		}

	}

	@WaterMillProcessor("mill")
	static class Copy {

		@ToStream("b")
		A copy(A a) {
			return a;
		}

	}

	record A(long time) {

	}

}
