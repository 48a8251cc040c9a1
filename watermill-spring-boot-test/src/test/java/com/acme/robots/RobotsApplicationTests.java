package com.acme.robots;

import java.nio.file.Path;

import dev.watermill.engine.MillState;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.test.InMemoryStreams;
import dev.watermill.spring.test.MillTester;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application, with its streams in memory.
 */
@SpringBootTest
@InMemoryStreams
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RobotsApplicationTests {

	@Autowired
	MillTester tester;

	@Autowired
	Mills mills;

	@Test
	void runsOneMillAfterTheOther() {
		this.tester
			.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 0, 5),
					new RobotLocation(20, 0, 25))
			.run();
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).containsExactly(new RobotSpeed(0, 0.5),
				new RobotSpeed(10, 2));
		assertThat(this.tester.results("fast-robot", RobotSpeed.class)).containsExactly(new RobotSpeed(10, 2));
		assertThat(Path.of("out")).doesNotExist();
	}

	@Test
	void beginsClean() {
		this.tester.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 0, 5)).run();
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).containsExactly(new RobotSpeed(0, 0.5));
		assertThat(this.tester.skipped("robot-location")).isEqualTo(1);
	}

	@Test
	@Order(1)
	void noMillHasStarted() {
		assertThat(this.mills.all()).hasSize(2)
			.allSatisfy((mill) -> assertThat(mill.state()).isEqualTo(MillState.STOPPED));
	}

}
