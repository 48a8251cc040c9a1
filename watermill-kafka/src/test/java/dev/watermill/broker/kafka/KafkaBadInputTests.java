package dev.watermill.broker.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import dev.watermill.Accounting;
import dev.watermill.JavaProcess;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillState;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topics that are not well, and topics that are too much for a heap.
 */
class KafkaBadInputTests {

	private final Cluster cluster = Cluster.shared();

	private final String name = "bad-input-" + UUID.randomUUID();

	private String topic(String stream) {
		String topic = this.name + "-" + stream;
		this.cluster.topics().create(topic, 1);
		return topic;
	}

	/**
	 * Accounts for every element of two topics with numbers, texts, fractions, nothing,
	 * tombstones and keys that go back among them.
	 */
	@Test
	void accountsForEveryElement() throws InterruptedException {
		long seed = 42;
		Random random = new Random(seed);
		String a = topic("a");
		String b = topic("b");
		for (String topic : List.of(a, b)) {
			this.cluster.sendValues(topic, values(random, 400));
		}
		// so that the whole of a is read
		this.cluster.send(b, List.of(Long.MAX_VALUE));
		this.cluster.end(a);
		this.cluster.end(b);
		KafkaBroker broker = this.cluster.broker(this.name);
		MillBuilder builder = Mill.builder("mill");
		Input<Long> master = builder.from(Cluster.topic("a", Long.class, a), broker);
		JoinMany<Long, Long> child = builder.join(master, Cluster.topic("b", Long.class, b), broker)
			.onLong((left) -> left, (right) -> right)
			.many();
		for (Input<Long> input : List.of(master, child)) {
			input.onInvalid(ErrorPolicy.SKIP);
			input.onDisorder(ErrorPolicy.SKIP);
		}
		Set<Long> keys = new HashSet<>();
		List<Integer> groups = new ArrayList<>();
		long[] delivered = new long[2];
		builder.forEach((delivery) -> {
			delivered[0]++;
			if (keys.add(delivery.get(master))) {
				int group = delivery.get(child).get(delivery.get(master)).size();
				groups.add(group);
				delivered[1] += group;
			}
		});
		Mill mill = builder.build();
		assertThat(mill.run()).as("seed %d: %s", seed, mill.status()).isEqualTo(MillState.COMPLETED);
		assertThat(groups).isNotEmpty();
		for (String stream : List.of("a", "b")) {
			MillCounters.Input counters = mill.counters().inputs().get(stream);
			for (SkipReason reason : List.of(SkipReason.INVALID, SkipReason.TOMBSTONE, SkipReason.DISORDER)) {
				assertThat(counters.skipped(reason).get()).as("%s, %s", stream, reason).isPositive();
			}
		}
		assertThat(mill.counters().inputs().get("a").read().get()).isEqualTo(400);
		Accounting.assertAccounted(mill, "a", delivered[0], 0);
		Accounting.assertAccounted(mill, "b", delivered[1], 0);
	}

	private static List<byte[]> values(Random random, int count) {
		List<byte[]> values = new ArrayList<>();
		long key = 0;
		for (int i = 0; i < count; i++) {
			key += random.nextInt(3);
			String value = switch (random.nextInt(20)) {
				case 0 -> "x";
				case 1 -> "\"" + key + "\"";
				case 2 -> key + ".5";
				case 3 -> "";
				case 4 -> String.valueOf(key - 1);
				case 5 -> null;
				default -> String.valueOf(key);
			};
			values.add((value != null) ? value.getBytes(StandardCharsets.UTF_8) : null);
		}
		return values;
	}

	@Test
	void fetchesNoMoreAheadThanASmallHeapHolds() throws IOException, InterruptedException {
		String topic = topic("large");
		List<LargeElements.Item> items = new ArrayList<>();
		for (int i = 0; i < LargeElements.COUNT; i++) {
			items.add(new LargeElements.Item(i, "x".repeat(1000)));
		}
		this.cluster.send(topic, items);
		this.cluster.end(topic);
		Process process = JavaProcess.start(List.of("-Xmx48m", "-XX:+UseSerialGC"), LargeElements.class,
				this.cluster.bootstrapServers(), this.name, topic);
		assertThat(JavaProcess.outputOf(process).lines().toList()).endsWith("COMPLETED");
		assertThat(process.exitValue()).isZero();
	}

}
