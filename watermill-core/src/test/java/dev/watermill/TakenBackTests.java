package dev.watermill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.watermill.FaultyBroker.Operation;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.broker.memory.InMemoryCoordinator;
import dev.watermill.broker.memory.InMemoryMember;
import dev.watermill.broker.memory.InMemoryStream;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillPhase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A lane is lost while it commits, and comes back: whether that commit happened can't be
 * told by how far the lane is, since another instance may have come just as far.
 */
class TakenBackTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final InMemoryBroker broker = new InMemoryBroker();

	private final InMemoryCoordinator coordinator = this.broker.coordinator();

	private final InMemoryStream<Object> in = this.broker.<Object>stream("in", 1).partition(0);

	/** At what the lane is lost that has the second element. */
	private final AtomicReference<@Nullable Operation> next = new AtomicReference<>();

	/** At what the lane is lost now. */
	private final AtomicReference<@Nullable Operation> losing = new AtomicReference<>();

	private final List<Mill> mills = new ArrayList<>();

	@AfterEach
	void stop() throws InterruptedException {
		StartedMills.stop(this.mills);
	}

	private Mill start(String instance) {
		FaultyBroker faulty = new FaultyBroker(this.broker, (operation, stream) -> lose(operation));
		MillBuilder builder = Mill.builder("mill").commitInterval(Duration.ofMillis(1));
		Input<Integer> input = builder.from("in", Integer.class, faulty);
		Mill mill = builder.process((delivery) -> process(instance, delivery.get(input)))
			.to("out", String.class, faulty)
			.build();
		this.mills.add(mill);
		mill.start();
		return mill;
	}

	private String process(String instance, Integer element) {
		if (element == 2) {
			this.losing.set(this.next.getAndSet(null));
		}
		return instance + element;
	}

	private void lose(Operation operation) {
		if (this.losing.compareAndSet(operation, null)) {
			this.coordinator.members("mill").get(0).cut();
			this.coordinator.advance(InMemoryCoordinator.SESSION_TIMEOUT.plusSeconds(1));
			throw new BrokerUnavailableException("away at " + operation);
		}
	}

	private static boolean isRunning(Mill mill) {
		return mill.status().lanes().stream().anyMatch((lane) -> lane.phase() instanceof MillPhase.Running);
	}

	private void awaitResults(String... results) {
		await().atMost(LONG)
			.untilAsserted(
					() -> assertThat(this.broker.stream("out").elements()).isEqualTo(List.of((Object[]) results)));
	}

	@ParameterizedTest
	@EnumSource(value = Operation.class, names = { "COMMIT", "COMMITTED" })
	void whatAnotherInstanceCommittedIsCountedThere(Operation losing) throws InterruptedException {
		this.broker.stream("out", 1);
		this.in.append(1);
		Mill first = start("a");
		awaitResults("a1");
		Mill second = start("b");
		await().atMost(LONG).until(() -> this.coordinator.members("mill").size() == 2);
		this.next.set(losing);
		this.in.append(2);
		await().atMost(LONG).until(() -> isRunning(second));
		String result = ((losing == Operation.COMMIT) ? "b" : "a") + 2;
		awaitResults("a1", result);
		second.stop();
		assertThat(second.awaitEnd(LONG)).isTrue();
		this.coordinator.members("mill").forEach(InMemoryMember::heal);
		this.in.append(3);
		awaitResults("a1", result, "a3");
		await().atMost(LONG).until(() -> deliveries(first) + deliveries(second) >= 3);
		assertThat(List.of(deliveries(first), deliveries(second)))
			.isEqualTo((losing == Operation.COMMIT) ? List.of(2L, 1L) : List.of(3L, 0L));
		for (Mill mill : this.mills) {
			assertThat(mill.counters().inputs().get("in").read().get()).isEqualTo(deliveries(mill));
		}
	}

	private static long deliveries(Mill mill) {
		return mill.counters().deliveries().get();
	}

}
