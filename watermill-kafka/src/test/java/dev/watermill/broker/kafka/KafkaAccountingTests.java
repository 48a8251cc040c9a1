package dev.watermill.broker.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import dev.watermill.Accounting;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.ErrorPolicy;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each element of a topic is counted once, although what was held is read again by the
 * next run: where a mill goes on is found again as it was committed.
 */
class KafkaAccountingTests {

	private final TopicMill topics = new TopicMill("a", "b");

	private final AtomicBoolean failed = new AtomicBoolean();

	/**
	 * A mill of windows of ten, of a stream with bad elements, and another one with twice
	 * as many; more results than are held back fail once in the second window.
	 */
	private Mill mill() {
		MillBuilder builder = this.topics.begin()
			.retry(new RetryPolicy(1, Duration.ZERO, Duration.ZERO))
			.commitInterval(Duration.ofMillis(1));
		Input<Long> a = this.topics.master();
		Input<Long> b = this.topics.join(a, "b");
		a.onInvalid(ErrorPolicy.SKIP);
		b.onInvalid(ErrorPolicy.DEAD_LETTER);
		builder.windowBy(KeyFunction.<Long>ofLong("tens", (element) -> element / 10));
		this.topics.output();
		builder.processStream((delivery) -> LongStream.range(0, 300).boxed().peek((number) -> {
			if (number == 290 && delivery.window(a).contains(12L) && this.failed.compareAndSet(false, true)) {
				throw new IllegalStateException("amid the results");
			}
		}).map((number) -> delivery.window(a).get(0)));
		return this.topics.start();
	}

	private void append(long... elements) {
		for (long element : elements) {
			this.topics.append("a", element);
			this.topics.append("b", element, element);
		}
	}

	private void sendBad(String stream) {
		Cluster.shared().sendValues(this.topics.topic(stream), List.of("bad".getBytes(StandardCharsets.UTF_8)));
	}

	private static long read(Mill mill, String stream) {
		MillCounters.Input counters = mill.counters().inputs().get(stream);
		return counters.read().get();
	}

	@Test
	void countsOnceWhatIsReadAgainByTheNextRunOrStart() throws Exception {
		append(1, 2, 11);
		sendBad("a");
		sendBad("b");
		append(12, 15);
		Mill mill = mill();
		TopicMill.await(() -> this.topics.results().size() == 300);
		// the last one waits for what is behind its matches
		TopicMill.await(() -> read(mill, "a") == 5);
		for (int i = 0; i < 3; i++) {
			this.topics.stop();
			assertThat(read(mill, "a")).as("an open window, and a bad one").isEqualTo(5 + i);
			Accounting.assertAccounted(mill, "a", 2, 2 + i);
			mill.start();
			append(16 + i);
			long expected = 6 + i;
			TopicMill.await(() -> read(mill, "a") == expected);
		}
		append(21);
		this.topics.end("a");
		this.topics.end("b");
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(this.failed).as("a run was thrown away").isTrue();
		assertThat(this.topics.results()).hasSize(901);
		assertThat(mill.counters().results().get("out").get()).isEqualTo(900);
		assertThat(mill.counters().deliveries().get()).isEqualTo(3);
		assertThat(read(mill, "a")).isEqualTo(10);
		Accounting.assertAccounted(mill, "a", 9, 0);
		assertThat(read(mill, "b")).isEqualTo(19);
		Accounting.assertAccounted(mill, "b", 18, 0);
	}

}
