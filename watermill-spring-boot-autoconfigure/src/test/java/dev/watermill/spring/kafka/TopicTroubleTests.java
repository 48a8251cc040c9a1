package dev.watermill.spring.kafka;

import java.nio.file.Path;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.kafka.fixture.SharedKafka;
import dev.watermill.spring.MillsRunner;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which mistakes in the connection pass, and which don't.
 */
class TopicTroubleTests {

	@TempDir
	Path directory;

	private final TestTopics topics = new TestTopics();

	private ApplicationContextRunner runner;

	@BeforeEach
	void createRunner() {
		this.runner = MillsRunner.kafkaRunner(this.directory, SharedKafka.bootstrapServers())
			.withUserConfiguration(Copy.class)
			.withPropertyValues(this.topics.bound("a"), this.topics.bound("b"));
		this.topics.write("a", "{\"time\":1}", TestTopics.EOS);
	}

	@Test
	void waitsForAHostWhoseNameIsNotKnownYet() {
		this.runner.withPropertyValues("spring.kafka.bootstrap-servers=nowhere.invalid:9092").run((context) -> {
			Mill mill = MillsRunner.mill(context, "mill");
			await()
				.untilAsserted(() -> assertThat(mill.status().unavailable()).contains("No resolvable bootstrap urls"));
			assertThat(mill.state()).isEqualTo(MillState.STARTING);
		});
	}

	@Test
	void treatsTombstonesAsSettingsSay() {
		this.topics.write("c", "{\"time\":1}", null, "{\"time\":\"x\"}", TestTopics.EOS);
		ApplicationContextRunner bound = this.runner.withPropertyValues("watermill.streams.a.topic=" + topics("c"));
		bound.withPropertyValues("watermill.streams.a.on-tombstone=fail", "watermill.streams.a.on-invalid=skip")
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).isEqualTo(MillState.FAILED);
				assertThat(mill.status().lastError().message()).contains("tombstone", "on-tombstone");
			});
		bound.withPropertyValues("watermill.streams.a.on-tombstone=skip").run((context) -> {
			Mill mill = MillsRunner.await(context, "mill");
			assertThat(mill.state()).isEqualTo(MillState.FAILED);
			assertThat(mill.status().lastError().message()).contains("on-invalid");
		});
		bound.withPropertyValues("watermill.streams.a.on-invalid=skip")
			.run((context) -> assertThat(MillsRunner.await(context, "mill").state()).isEqualTo(MillState.COMPLETED));
	}

	private String topics(String stream) {
		String bound = this.topics.bound(stream);
		return bound.substring(bound.indexOf('=') + 1);
	}

	@Test
	void failsWithASettingThatOnlyItsBrokerRefuses() {
		this.runner.withPropertyValues("watermill.streams.b.properties.transaction.timeout.ms=99999999")
			.run((context) -> {
				Mill mill = MillsRunner.await(context, "mill");
				assertThat(mill.state()).isEqualTo(MillState.FAILED);
				assertThat(mill.status().lastError().message()).contains("Lower transaction.timeout.ms");
			});
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
