package dev.watermill.broker.kafka;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

import dev.watermill.JavaProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Long topics in a small heap, in a process of their own.
 * {@code -Dkafka.memory.elements=1000000} takes a longer one.
 */
class KafkaMemoryTests {

	/** More, at a kilobyte each, than the heap holds. */
	private static final int ELEMENTS = Integer.getInteger("kafka.memory.elements", 40_000);

	private static final int SENT_AT_ONCE = 10_000;

	private final Cluster cluster = Cluster.shared();

	@Test
	void holdsNothingOfWhatIsPassedOfATopic() throws IOException, InterruptedException {
		String name = "memory-" + UUID.randomUUID();
		this.cluster.topics().create(name, 1);
		String load = "x".repeat(1000);
		for (int from = 0; from < ELEMENTS; from += SENT_AT_ONCE) {
			this.cluster.send(name,
					LongStream.range(from, Math.min(from + SENT_AT_ONCE, ELEMENTS))
						.mapToObj((time) -> new SparseTopic.Parent(time, load))
						.toList());
		}
		this.cluster.end(name);
		Process process = JavaProcess.start(List.of("-Xmx48m", "-XX:+UseSerialGC"), SparseTopic.class,
				this.cluster.bootstrapServers(), name, name);
		List<String> output = JavaProcess.outputOf(process).lines().toList();
		System.out.println(output);
		assertThat(output).filteredOn((line) -> line.equals("COMPLETED")).hasSize(2);
		assertThat(output).filteredOn((line) -> line.contains(" " + ELEMENTS + " elements passed")).hasSize(2);
		assertThat(process.exitValue()).isZero();
	}

}
