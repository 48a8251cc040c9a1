package com.acme.robots;

import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.WaterMillTest;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test as users write it.
 */
@WaterMillTest(RobotSpeedCalculator.class)
@Import(SpeedLimits.class)
@ImportAutoConfiguration({ MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class })
class RobotSpeedCalculatorTests {

	@Autowired
	MillTester tester;

	@Test
	void computesTheSpeed() {
		this.tester
			.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 30, 40),
					new RobotLocation(25, 60, 80))
			.run();
		assertThat(this.tester.results(RobotSpeed.class)).containsExactly(new RobotSpeed(0, 5));
		assertThat(this.tester.skipped("robot-location")).isEqualTo(2);
	}

	@Test
	void countsAsMillsDoThatAreAtWork(@Autowired MeterRegistry meters) {
		this.tester.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 30, 40)).run();
		assertThat(meters.get("watermill.deliveries").tag("mill", "robot-speed").functionCounter().count())
			.isPositive();
	}

	@Test
	void passesOverWhatIsNoLocation() {
		this.tester.givenJson("robot-location", """
				{ "time": 0, "x": 0, "y": 0 }""", """
				{ "time": "soon" }""", """
				{ "time": 10, "x": 0, "y": 20 }""").run();
		assertThat(this.tester.resultsAsJson("robot-speed")).containsExactly("{\"time\":0,\"speed\":2.0}");
	}

}
