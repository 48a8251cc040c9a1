package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.delivery.Input;
import dev.watermill.engine.DeliveryErrorHandler.Decision;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Functions that fail where results go to topics: transactions hold nobody back while a
 * mill waits, and have nothing of what failed.
 */
class KafkaFunctionFailureTests {

	/** More results than are held back. */
	private static final int MANY = 300;

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "failure-" + UUID.randomUUID();

	private final String in = this.prefix + "-in";

	private final String out = this.prefix + "-out";

	private final KafkaBroker broker = this.cluster.broker(this.prefix);

	private final List<Integer> called = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger failures = new AtomicInteger(Integer.MAX_VALUE);

	private Mill mill;

	@BeforeEach
	void fill() {
		this.cluster.topics().create(this.in, 1);
		this.cluster.send(this.in, List.of(1, 2, 3, 4));
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.mill.stop();
		assertThat(this.mill.awaitEnd(Duration.ofSeconds(60))).isTrue();
	}

	/** Write many results for each element, and fail amid those of the third. */
	private MillBuilder builder(boolean windowed) {
		MillBuilder builder = Mill.builder("mill")
			.commitInterval(Duration.ofMinutes(1))
			.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
			.to(Cluster.topic("out", String.class, this.out), String.class, this.broker);
		Input<Integer> input = builder.from(Cluster.topic("in", Integer.class, this.in), this.broker);
		if (windowed) {
			builder.windowBy(KeyFunction.<Integer>ofLong("pair", (element) -> (element - 1) / 2));
		}
		return builder.processStream((delivery) -> {
			int first = delivery.get(input);
			this.called.add(first);
			return IntStream.range(0, MANY).mapToObj((i) -> {
				if (first == 3 && i == MANY - 1 && this.failures.getAndDecrement() > 0) {
					throw new IllegalStateException("no " + first);
				}
				return first + "." + i;
			});
		});
	}

	private static List<String> results(int... elements) {
		return IntStream.of(elements)
			.boxed()
			.flatMap((element) -> IntStream.range(0, MANY).mapToObj((i) -> "\"" + element + "." + i + "\""))
			.toList();
	}

	private List<String> committed() {
		return this.cluster.topics().read(this.out).stream().map(ConsumerRecord::value).toList();
	}

	private static List<String> with(List<String> results) {
		return Stream.concat(results.stream(), Stream.of(Cluster.END)).toList();
	}

	@Test
	void showsWhatCameBeforeADeliveryThatWaitsForItsNextAttempt() {
		this.failures.set(1);
		this.mill = builder(false).errorHandler((failed) -> Decision.retryAfter(Duration.ofHours(1))).build();
		this.mill.start();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.mill.liveness().activity() == MillLiveness.Activity.RETRYING);
		Awaitility.await().untilAsserted(() -> assertThat(committed()).isEqualTo(results(1, 2)));
		// what it had written of the third holds back nobody: its transaction is over
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.cluster.end(this.out, IsolationLevel.READ_COMMITTED))
				.isEqualTo(this.cluster.end(this.out, IsolationLevel.READ_UNCOMMITTED)));
		assertThat(this.called).containsExactly(1, 2, 3);
	}

	@Test
	void hasADeadLetterInsteadOfWhatWasWrittenOfADelivery() {
		this.cluster.end(this.in);
		this.mill = builder(true).onError(ErrorPolicy.DEAD_LETTER).build();
		assertThat(this.mill.run()).as("%s", this.mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.called).containsExactly(1, 3, 3);
		assertThat(committed()).isEqualTo(with(results(1)));
		List<ConsumerRecord<String, String>> letters = this.cluster.topics().read(this.in + "-dlt");
		assertThat(letters).extracting(ConsumerRecord::value).containsExactly("3", "4");
		assertThat(letters)
			.allSatisfy((letter) -> assertThat(new String(letter.headers().lastHeader("watermill-reason").value()))
				.isEqualTo("failed"));
	}

	@Test
	void goesOnExactlyOnceWhenItIsStartedAgainByItself() {
		this.failures.set(3);
		this.cluster.end(this.in);
		this.mill = builder(false).restart(new RestartPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1))).build();
		assertThat(this.mill.run()).as("%s", this.mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.mill.status().phase()).isInstanceOf(MillPhase.Completed.class);
		assertThat(this.mill.counters().restarts().get()).isOne();
		assertThat(this.called).containsExactly(1, 2, 3, 3, 3, 3, 4);
		assertThat(committed()).isEqualTo(with(results(1, 2, 3, 4)));
	}

}
