package com.acme.robots;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

import dev.watermill.Mill;
import dev.watermill.spring.mill.Mills;
import dev.watermill.spring.test.MillTester;
import dev.watermill.spring.test.WaterMillTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * What is in the slice, and what can be changed in it.
 */
@WaterMillTest
@TestPropertySource(properties = "watermill.mills.robot-speed.joins.robot-location-next-step.left=time + 20")
class RobotSliceTests {

	@MockitoBean
	SpeedLimits limits;

	@Autowired
	MillTester tester;

	@Test
	void hasAllProcessorsAndNothingElse(@Autowired Mills mills, @Autowired ApplicationContext context) {
		assertThat(mills.all()).extracting(Mill::name).containsExactly("fast-robots", "robot-speed");
		assertThat(context.getBeanNamesForType(FleetReports.class)).isEmpty();
	}

	@Test
	void takesMocksAndSettings() {
		given(this.limits.max()).willReturn(3.0);
		this.tester
			.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(10, 0, 0),
					new RobotLocation(20, 0, 100))
			.run();
		assertThat(this.tester.results("robot-speed", RobotSpeed.class)).containsExactly(new RobotSpeed(0, 3));
		verify(this.limits, times(1)).max();
	}

	@Test
	void crashesWithMocks() {
		given(this.limits.max()).willReturn(3.0);
		this.tester.given(RobotLocation.class, new RobotLocation(0, 0, 0), new RobotLocation(20, 0, 100))
			.crashEverywhere();
	}

	/**
	 * Measured as it is for the second slice of a run, when all classes are loaded, and
	 * by the time of this thread, since others may be at work on the machine.
	 */
	@Test
	void startsWithinASecond() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long begin = threads.getCurrentThreadCpuTime();
		ApplicationContext context = new TestContextManager(AnotherSlice.class).getTestContext()
			.getApplicationContext();
		assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin)).isLessThan(Duration.ofSeconds(1));
		assertThat(context.getBean(MillTester.class)).isNotSameAs(this.tester);
	}

	@Nested
	@WaterMillTest(RobotSpeedCalculator.class)
	class OneProcessorTests {

		@Test
		void hasNoOther(@Autowired Mills mills) {
			assertThat(mills.all()).extracting(Mill::name).containsExactly("robot-speed");
		}

	}

	@WaterMillTest(RobotSpeedCalculator.class)
	@Import(SpeedLimits.class)
	static class AnotherSlice {

	}

}
