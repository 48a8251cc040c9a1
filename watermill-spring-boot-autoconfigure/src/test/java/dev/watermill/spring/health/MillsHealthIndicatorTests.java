package dev.watermill.spring.health;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.spring.actuate.InMemoryMills;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class MillsHealthIndicatorTests {

	private final InMemoryMills mills = new InMemoryMills();

	private final MillsHealthProperties properties = new MillsHealthProperties();

	private final MillsHealthIndicator indicator = new MillsHealthIndicator(this.mills, this.properties);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final AtomicLong nanos = new AtomicLong();

	private LongSupplier ticker = this.nanos::get;

	private final Semaphore permits = new Semaphore(0);

	private final AtomicBoolean broken = new AtomicBoolean();

	@AfterEach
	void stopMills() throws InterruptedException {
		this.permits.release(100_000);
		this.broken.set(false);
		this.mills.close();
	}

	@Test
	void isDownWhenOneLaneFailedAndNamesIt() {
		Mill mill = this.mills.addJoin("robot-speed", 3);
		mill.start();
		this.mills.failLane("robot-speed", 1);
		await().until(() -> mill.state() == MillState.FAILED);
		await().untilAsserted(() -> assertThat(mill.status().lanes()).hasSize(3)
			.filteredOn((lane) -> lane.phase().state() == MillState.RUNNING)
			.hasSize(2));
		Health health = this.indicator.health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails().get("robot-speed")).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("lanes", Map.of(MillState.RUNNING, 2, MillState.FAILED, 1))
			.extractingByKey("detail")
			.asString()
			.contains("lane 1 failed");
	}

	@Test
	void isUpWithoutMills() {
		assertThat(this.indicator.health()).isEqualTo(Health.up().build());
	}

	@Test
	void isUpWhileAMillWasNotStarted() {
		Mill mill = this.mills.addJoin("robot-speed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed"))
			.isEqualTo(Map.of("state", MillState.STOPPED, "since", mill.status().since()));
	}

	@Test
	void isUpWhileAMillWaitsForAnother() {
		this.mills.addJoin("robot-speed").waitFor("mill 'robots'");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed")).containsEntry("state", MillState.STARTING)
			.containsEntry("detail", "mill 'robots'");
	}

	@Test
	void isUpWhileAMillRunsOrPausesOrWasStopped() {
		Mill mill = this.mills.addJoin("robot-speed");
		mill.start();
		awaitState(mill, MillState.RUNNING);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		mill.pause();
		awaitState(mill, MillState.PAUSED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		mill.stop();
		awaitState(mill, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isUpWhenAMillCompleted() {
		this.mills.addCompletedJoin("robot-speed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(details("robot-speed")).containsEntry("state", MillState.COMPLETED);
	}

	@Test
	void isDownWithTheCauseWhenAMillFailed() {
		this.mills.addCompletedJoin("a-completed");
		Mill failed = this.mills.addFailedJoin("failed");
		this.mills.addCompletedJoin("z-completed");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(details("failed")).containsEntry("state", MillState.FAILED)
			.extractingByKey("lastError", InstanceOfAssertFactories.map(String.class, Object.class))
			.containsEntry("message", failed.status().lastError().message())
			.containsEntry("cause", "java.lang.IllegalStateException: broken sensor")
			.containsKey("at");
		assertThat(details("a-completed")).doesNotContainKey("lastError");
	}

	@Test
	void isDownUntilAMillThatFailedIsStartedAgainByItself() {
		Mill failed = this.mills.addRestartedJoin("failed");
		this.mills.failLane("failed", 0);
		failed.start();
		awaitState(failed, MillState.FAILED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(details("failed")).containsEntry("state", MillState.FAILED)
			.containsEntry("detail", failed.status().detail());
		assertThat(failed.status().detail()).contains("restart 1 of 3");
	}

	@Test
	void forgetsAFailureWhenTheMillIsStartedAgain() {
		Mill failed = this.mills.addFailedJoin("failed");
		failed.reset();
		this.mills.setReachable("failed", false);
		failed.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		failed.stop();
		awaitState(failed, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isOutOfServiceWhileABrokerIsAway() {
		Mill mill = this.mills.addJoin("robot-speed");
		this.mills.setReachable("robot-speed", false);
		mill.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		assertThat(details("robot-speed")).extractingByKey("unavailable", InstanceOfAssertFactories.STRING)
			.contains("the memory does not answer");
		this.mills.setReachable("robot-speed", true);
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void isOutOfServiceWhenAnotherInstanceTookOver() {
		Mill mill = this.mills.addJoin("robot-speed");
		mill.start();
		awaitState(mill, MillState.RUNNING);
		this.mills.takeOver("robot-speed");
		this.mills.appendLocations("robot-speed", "location", 2);
		this.mills.appendLocations("robot-speed", "next-step", 2);
		awaitState(mill, MillState.STOPPED);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(details("robot-speed")).extractingByKey("detail", InstanceOfAssertFactories.STRING)
			.contains("took over");
	}

	@Test
	void isDownRatherThanOutOfService() {
		this.mills.addFailedJoin("failed");
		Mill waiting = this.mills.addJoin("waiting");
		this.mills.setReachable("waiting", false);
		waiting.start();
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(details("waiting")).containsKey("unavailable"));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
	}

	/**
	 * Start a mill whose function waits for a permit, over a clock that stands still.
	 */
	private Mill startSlow(String name) {
		MillBuilder builder = Mill.builder(name)
			.retry(new RetryPolicy(1_000_000, Duration.ofMillis(1), Duration.ofMillis(1)))
			.pollTimeout(Duration.ofMillis(10))
			.commitInterval(Duration.ofMillis(1))
			.clock(Clock.systemUTC(), this.ticker);
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		builder.process((delivery) -> {
			this.permits.acquire();
			if (this.broken.get()) {
				throw new IllegalStateException("broken");
			}
			return delivery.get(in);
		}).to("out", Integer.class, this.broker);
		Mill mill = this.mills.add(builder.build());
		mill.start();
		return mill;
	}

	private void awaitActivity(Mill mill, MillLiveness.Activity activity) {
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(mill.liveness().activity()).isEqualTo(activity));
	}

	private void awaitStatus(Status status) {
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(status));
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	@Test
	void isOutOfServiceWhileAFunctionHangsAndUpWhenItReturns() {
		this.broker.<Integer>stream("in").append(1);
		Mill mill = startSlow("slow");
		awaitActivity(mill, MillLiveness.Activity.CALLING);
		pass(this.properties.getCallThreshold());
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		pass(Duration.ofNanos(1));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(details("slow")).containsEntry("state", MillState.RUNNING)
			.containsEntry("activity", MillLiveness.Activity.CALLING)
			.containsEntry("callAge", Duration.ofMinutes(15).plusNanos(1))
			.containsEntry("exceeded", "a call of its function takes 900 s, more than 900 s "
					+ "(management.health.watermill.call-threshold)");
		this.permits.release();
		awaitStatus(Status.UP);
		assertThat(details("slow")).doesNotContainKeys("exceeded", "callAge");
	}

	@Test
	void seesAFunctionThatHangsSoonAfterItsThreshold() {
		this.properties.setCallThreshold(Duration.ofMillis(500));
		this.ticker = System::nanoTime;
		this.broker.<Integer>stream("in").append(1);
		startSlow("slow");
		await().atMost(Duration.ofMillis(500 + 1_000 + 1_500))
			.untilAsserted(() -> assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
		this.permits.release();
		awaitStatus(Status.UP);
	}

	@Test
	void isOutOfServiceWhileADeliveryIsRepeatedForLong() {
		this.broken.set(true);
		this.permits.release(50_000);
		this.broker.<Integer>stream("in").append(1);
		Mill mill = startSlow("broken");
		await().atMost(Duration.ofSeconds(10)).until(() -> mill.status().lastError() != null);
		mill.liveness();
		pass(this.properties.getProgressThreshold().plusSeconds(1));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(
					() -> assertThat(details("broken")).extractingByKey("exceeded", InstanceOfAssertFactories.STRING)
						.contains("it has not got on for 1801 s", "management.health.watermill.progress-threshold"));
		this.broken.set(false);
		awaitStatus(Status.UP);
	}

	@Test
	void isUpHoweverLongAMillHasNothingToDo() {
		Mill mill = startSlow("idle");
		awaitActivity(mill, MillLiveness.Activity.IDLE);
		pass(Duration.ofDays(10));
		awaitStatus(Status.UP);
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(details("idle")).containsEntry("activity", MillLiveness.Activity.IDLE)
				.containsEntry("sinceProgress", Duration.ZERO));
	}

	@Test
	void isUpHoweverLongACallTakesWhereThresholdsAreOff() {
		this.properties.setCallThreshold(Duration.ZERO);
		this.properties.setProgressThreshold(Duration.ZERO);
		this.broker.<Integer>stream("in").append(1);
		Mill mill = startSlow("slow");
		awaitActivity(mill, MillLiveness.Activity.CALLING);
		pass(Duration.ofDays(10));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isOutOfServiceWhileAMillLagsMoreThanItMay() {
		this.properties.setLagThreshold(3L);
		this.broker.<Integer>stream("in").appendAll(List.of(1, 2, 3));
		Mill mill = startSlow("slow");
		awaitActivity(mill, MillLiveness.Activity.CALLING);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		this.broker.<Integer>stream("in").append(4);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(details("slow")).containsEntry("exceeded",
				"'in' has 4 elements that it has yet to pass, more than 3 "
						+ "(management.health.watermill.lag-threshold)");
		this.permits.release();
		awaitStatus(Status.UP);
	}

	private Map<String, Object> details(String mill) {
		assertThat(this.indicator.health().getDetails()).containsKey(mill);
		@SuppressWarnings("unchecked")
		Map<String, Object> details = (Map<String, Object>) this.indicator.health().getDetails().get(mill);
		return details;
	}

	private static void awaitState(Mill mill, MillState state) {
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(mill.state()).isEqualTo(state));
	}

}
