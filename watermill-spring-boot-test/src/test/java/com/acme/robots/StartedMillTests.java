package com.acme.robots;

import java.time.Duration;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mills start in a test that asks for it.
 */
@SpringBootTest(properties = { "watermill.auto-startup=true", "watermill.state-dir=target/started/state",
		"spring.config.name=none", "watermill.streams.robot-location.file=classpath:robot-locations.jsonl",
		"watermill.streams.robot-location-next-step.file=classpath:robot-locations.jsonl",
		"watermill.streams.robot-speed.file=target/started/robot-speed.jsonl",
		"watermill.streams.fast-robot.file=target/started/fast-robot.jsonl" })
class StartedMillTests {

	@Test
	void startsThem(@Autowired Mills mills) throws InterruptedException {
		for (Mill mill : mills.all()) {
			mill.awaitEnd(Duration.ofSeconds(10));
			assertThat(mill.state()).isEqualTo(MillState.COMPLETED);
		}
	}

}
