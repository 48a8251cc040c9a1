package dev.watermill.demo.robots;

import java.util.List;

import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.WaterMillTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slice with one processor and the bean that it asks for.
 */
@WaterMillTest(RobotSpeedCalculator.class)
@Import(SpeedLimits.class)
class RobotSpeedCalculatorTests {

	private static final List<RobotLocation> LOCATIONS = List.of(new RobotLocation(0, 0, 0),
			new RobotLocation(10, 3, 4), new RobotLocation(20, 9, 12), new RobotLocation(40, 9, 12));

	@Autowired
	MillTester tester;

	@Test
	void computesTheSpeed() {
		this.tester.given(RobotLocation.class, LOCATIONS).run();
		assertThat(this.tester.results(RobotSpeed.class)).containsExactly(new RobotSpeed(0, 0.5, false),
				new RobotSpeed(10, 1, true));
		assertThat(this.tester.explain("robot-location", 30).delivered()).isFalse();
	}

	@Test
	void isTheSameAfterACrash() {
		assertThat(this.tester.given(RobotLocation.class, LOCATIONS).crashEverywhere().isExhaustive()).isTrue();
	}

}
