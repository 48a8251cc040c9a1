package com.acme.robots;

import dev.watermill.broker.DeadLetter;
import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.StreamRecord;
import dev.watermill.spring.test.TestBroker;
import dev.watermill.spring.test.WaterMillTest;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.test.context.EmbeddedKafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The same on a real Kafka, by one attribute.
 */
@WaterMillTest(broker = TestBroker.KAFKA, properties = "watermill.streams.robot-location.on-invalid=dead-letter")
@EmbeddedKafka
@Import(SpeedLimits.class)
class RobotsOnKafkaTests {

	@Autowired
	MillTester tester;

	@Test
	void computesTheSpeed() {
		this.tester.given(RobotLocation.class, new RobotLocation(0, 0, 0))
			.givenJson("robot-location", "{ \"time\": \"soon\" }")
			.given(RobotLocation.class, new RobotLocation(10, 0, 5), new RobotLocation(20, 0, 25))
			.run();
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).containsExactly(new RobotSpeed(0, 0.5),
				new RobotSpeed(10, 2));
		assertThat(this.tester.resultsAsJson("fast-robot")).containsExactly("{\"time\":10,\"speed\":2.0}");
		assertThat(this.tester.skipped("robot-location")).isEqualTo(1);
		assertThat(this.tester.deadLetters("robot-location"))
			.extracting(DeadLetter::reason, (letter) -> letter.element().origin().get("offset"))
			.containsExactly(tuple(SkipReason.INVALID, 1L));
		assertThat(this.tester.explain("robot-location-next-step", 20).delivered()).isTrue();
	}

	@Test
	void joinsPartitionByPartition() {
		this.tester.given(1, RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 0, 5))
			.given(RobotLocation.class, new RobotLocation(10, 0, 0), new RobotLocation(20, 0, 30))
			.run();
		assertThat(this.tester.resultRecords("robot-speed", RobotSpeed.class))
			.extracting(StreamRecord::partition, StreamRecord::value)
			.containsExactly(tuple(0, new RobotSpeed(10, 3)), tuple(1, new RobotSpeed(0, 0.5)));
		assertThat(this.tester.results("fast-robot", RobotSpeed.class)).containsExactly(new RobotSpeed(10, 3));
	}

	@Test
	void beginsClean() {
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).isEmpty();
		this.tester.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 0, 5)).run();
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).containsExactly(new RobotSpeed(0, 0.5));
	}

}
