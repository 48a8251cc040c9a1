package dev.watermill.broker.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Positions that are longer than brokers take as the metadata of an offset: of keys of
 * any length, and of any number of inputs.
 */
class KafkaLongPositionTests {

	private static final int METADATA = 4096;

	private final Cluster cluster = Cluster.shared();

	private final String prefix = "long-" + UUID.randomUUID();

	private final String a = this.prefix + "-a";

	private final String b = this.prefix + "-b";

	private final String out = this.prefix + "-out";

	private final Random random = new Random(42);

	@TempDir
	private Path directory;

	/**
	 * A text that can't be compressed to much less, beginning with a number.
	 */
	private String key(int number, int length) {
		StringBuilder key = new StringBuilder("%04d".formatted(number));
		while (key.length() < length) {
			key.append((char) ((this.random.nextInt(8) == 0) ? 0x4e00 + this.random.nextInt(0x4000)
					: ' ' + 1 + this.random.nextInt(90)));
		}
		return key.toString();
	}

	private Mill echo(boolean results, List<String> seen) {
		KafkaBroker broker = this.cluster.broker(this.prefix);
		MillBuilder builder = Mill.builder("mill").waitForMore(false);
		Input<String> master = builder.from(Cluster.topic("a", String.class, this.a), broker);
		builder.join(master, Cluster.topic("b", String.class, this.b), broker)
			.on(Function.<String>identity(), Function.<String>identity())
			.many();
		if (results) {
			builder.to(Cluster.topic("out", String.class, this.out), String.class, broker);
			builder.process((delivery) -> delivery.get(master));
		}
		else {
			builder.forEach((delivery) -> seen.add(delivery.get(master)));
		}
		return builder.build();
	}

	private void run(Mill mill, long offset) throws InterruptedException {
		mill.start();
		TopicMill.await(() -> mill.state() == MillState.FAILED || offset("a") == offset);
		mill.stop();
		mill.awaitEnd(Duration.ofMinutes(1));
		assertThat(mill.state()).as("%s", mill.status().lastError()).isEqualTo(MillState.STOPPED);
	}

	private long offset(String stream) {
		OffsetAndMetadata found = committed(stream, stream.equals("a") ? this.a : this.b);
		return (found != null) ? found.offset() : -1;
	}

	private OffsetAndMetadata committed(String stream, String topic) {
		return this.cluster.topics().committed(this.prefix + "-mill-" + stream, topic, 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 4_000, 6_000, 100_000 })
	void goesOnBehindKeysOfAnyLength(int length) throws Exception {
		this.cluster.topics().create(this.a, 1);
		this.cluster.topics().create(this.b, 1);
		List<String> keys = List.of(key(1, length), key(2, length), key(3, length), key(4, 10));
		this.cluster.send(this.a, keys.subList(0, 3));
		this.cluster.send(this.b, keys);
		run(echo(true, null), 3);
		assertThat(committed("a", this.a).metadata().length()).isLessThanOrEqualTo(METADATA);
		this.cluster.send(this.a, List.of(keys.get(3)));
		this.cluster.end(this.a);
		this.cluster.end(this.b);
		Mill again = echo(true, null);
		assertThat(again.run()).as("%s", again.status().lastError()).isEqualTo(MillState.COMPLETED);
		assertThat(this.cluster.completeResults(this.out, String.class)).isEqualTo(keys);
	}

	@Test
	void checksTheOrderBehindALongKey() throws Exception {
		this.cluster.topics().create(this.a, 1);
		this.cluster.topics().create(this.b, 1);
		String key = key(2, 20_000);
		this.cluster.send(this.a, List.of(key));
		this.cluster.send(this.b, List.of(key, "9"));
		run(echo(true, null), 1);
		// only its last letter is less
		this.cluster.send(this.a, List.of(key.substring(0, key.length() - 1) + " "));
		Mill again = echo(true, null);
		assertThat(again.run()).isEqualTo(MillState.FAILED);
		assertThat(again.status().lastError().message()).contains("went back");
	}

	@Test
	void goesOnBehindLongKeysWhereNothingIsWritten() throws Exception {
		this.cluster.topics().create(this.a, 1);
		this.cluster.topics().create(this.b, 1);
		List<String> keys = new ArrayList<>();
		for (int i = 1; i <= 6; i++) {
			keys.add(key(i, 9_000));
		}
		List<String> seen = Collections.synchronizedList(new ArrayList<>());
		this.cluster.send(this.b, keys);
		// pieces of one commit after another, in either place
		for (int i = 0; i < 6; i++) {
			this.cluster.send(this.a, keys.subList(i, i + 1));
			if (i == 5) {
				this.cluster.end(this.a);
				this.cluster.end(this.b);
				Mill last = echo(false, seen);
				assertThat(last.run()).as("%s", last.status().lastError()).isEqualTo(MillState.COMPLETED);
			}
			else {
				run(echo(false, seen), i + 1);
			}
		}
		assertThat(seen).isEqualTo(keys);
	}

	@Test
	void goesOnWithAnyNumberOfFiles() throws Exception {
		int files = 60;
		this.cluster.topics().create(this.a, 1);
		this.cluster.send(this.a, List.of(1, 2));
		for (int i = 0; i < files; i++) {
			file(i, 1, 2, 3);
		}
		Mill mill = joined(files);
		run(mill, 2);
		this.cluster.send(this.a, List.of(3));
		this.cluster.end(this.a);
		Mill again = joined(files);
		assertThat(again.run()).as("%s", again.status().lastError()).isEqualTo(MillState.COMPLETED);
		assertThat(this.cluster.completeResults(this.out, Long.class)).containsExactly(1L, 2L, 3L);
	}

	private Path file(int number, long... elements) {
		Path file = this.directory.resolve("a-file-of-a-name-that-is-not-so-short-" + number + ".jsonl");
		if (elements.length > 0) {
			StringBuilder text = new StringBuilder();
			for (long element : elements) {
				text.append(element).append('\n');
			}
			try {
				Files.writeString(file, text);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return file;
	}

	private Mill joined(int files) {
		KafkaBroker broker = this.cluster.broker(this.prefix);
		JsonFileBroker disk = JsonFileBroker.builder(Cluster.JSON).build();
		MillBuilder builder = Mill.builder("mill").waitForMore(false);
		Input<Long> master = builder.from(Cluster.topic("a", Long.class, this.a), broker);
		for (int i = 0; i < files; i++) {
			builder
				.join(master,
						new StreamDefinition<Long>("file-number-" + i, Long.class,
								Map.of(JsonFileBroker.FILE_PROPERTY, file(i).toString())),
						disk)
				.onLong((left) -> left, (right) -> right)
				.many();
		}
		builder.to(Cluster.topic("out", Long.class, this.out), Long.class, broker);
		return builder.process((delivery) -> delivery.get(master)).build();
	}

}
