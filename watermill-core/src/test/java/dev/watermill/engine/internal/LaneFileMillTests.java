package dev.watermill.engine.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.StartedMills;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinMany;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.MillState;
import dev.watermill.engine.internal.FileMill.Element;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Mills of several lanes that read or write files, which have no partitions.
 */
class LaneFileMillTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	private final InMemoryBroker broker = new InMemoryBroker();

	private final List<Mill> mills = new ArrayList<>();

	@AfterEach
	void stop() throws InterruptedException {
		StartedMills.stop(this.mills);
	}

	/**
	 * Make so many partitions, of which each holds the numbers up to its own.
	 */
	private void partitions(int count) {
		for (int i = 0; i < count; i++) {
			for (int number = 0; number <= i; number++) {
				this.broker.<Integer>stream("in", count).partition(i).append(number);
			}
		}
	}

	/**
	 * A mill that writes each number with how often it stands in a file that each lane
	 * reads.
	 */
	private Mill mill(String output) throws IOException {
		Path names = this.directory.resolve("names.jsonl");
		Files.writeString(names, "{\"id\":0}\nnone\n{\"id\":1}\n{\"id\":1}\n{\"id\":2}\n{\"id\":9}\n");
		MillBuilder builder = Mill.builder("mill").stateDirectory(this.directory.resolve("state"));
		Input<Integer> in = builder.from("in", Integer.class, this.broker);
		JoinMany<Integer, Element> join = builder.join(in, FileMill.file("names", names), FileMill.FILES)
			.onLong((left) -> left, Element::id)
			.many();
		join.onInvalid(ErrorPolicy.SKIP);
		builder.to(FileMill.file("out", this.directory.resolve(output)), Element.class, FileMill.FILES);
		Mill mill = builder.process((delivery) -> new Element(delivery.get(in) * 10 + delivery.matches(join).size()))
			.build();
		this.mills.add(mill);
		return mill;
	}

	private List<String> lines(String file) throws IOException {
		Path path = this.directory.resolve(file);
		return Files.exists(path) ? Files.readAllLines(path) : List.of();
	}

	@Test
	void eachLaneWritesAFileAndReadsTheOthersWhole() throws IOException {
		partitions(3);
		this.broker.stream("in").end();
		Mill mill = mill("out-{lane}.jsonl");
		assertThat(mill.run()).as(mill.status().toString()).isEqualTo(MillState.COMPLETED);
		assertThat(lines("out-0.jsonl")).containsExactly("{\"id\":1}");
		assertThat(lines("out-1.jsonl")).containsExactly("{\"id\":1}", "{\"id\":12}");
		assertThat(lines("out-2.jsonl")).containsExactly("{\"id\":1}", "{\"id\":12}", "{\"id\":21}");
		assertThat(this.directory.resolve("out-2.jsonl.checkpoint")).exists();
		MillCounters.Input names = mill.counters().inputs().get("names");
		assertThat(names.skipped(SkipReason.INVALID).get()).as("counted by the first lane only").isOne();
	}

	@Test
	void severalLanesWithoutAPlaceholderAreRefused() throws IOException {
		partitions(2);
		Mill mill = mill("out.jsonl");
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(FileMill.problem(mill)).contains("Stream 'out'", "out.jsonl can be written by one lane only",
				"as in out-{lane}.jsonl");
		assertThat(this.directory.resolve("out.jsonl")).doesNotExist();
	}

	@Test
	void oneLaneIsLaneZero() throws IOException {
		partitions(1);
		this.broker.stream("in").end();
		assertThat(mill("out-{lane}.json").run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.directory.resolve("out-0.json")).content().containsIgnoringWhitespaces("[{\"id\":1}]");
		assertThat(this.directory.resolve("out-{lane}.json")).doesNotExist();
	}

	@Test
	void oneInstanceHasAllLanesAndTheNextGoesOnWhereItStopped() throws Exception {
		partitions(3);
		Mill one = mill("out-{lane}.jsonl");
		one.start();
		await().untilAsserted(() -> assertThat(lines("out-2.jsonl")).hasSize(3));
		Mill other = mill("out-{lane}.jsonl");
		other.start();
		await().untilAsserted(() -> assertThat(other.status().state()).isEqualTo(MillState.STOPPED));
		assertThat(other.status().phase()).isInstanceOf(MillPhase.TakenOver.class);
		assertThat(one.status().state()).isEqualTo(MillState.RUNNING);
		one.stop();
		assertThat(one.awaitEnd(LONG)).isTrue();
		other.start();
		this.broker.<Integer>stream("in").partition(0).append(2);
		this.broker.<Integer>stream("in").partition(1).append(2);
		this.broker.stream("in").end();
		await().untilAsserted(() -> assertThat(other.status().state()).isEqualTo(MillState.COMPLETED));
		assertThat(lines("out-0.jsonl")).containsExactly("{\"id\":1}", "{\"id\":21}");
		assertThat(lines("out-1.jsonl")).containsExactly("{\"id\":1}", "{\"id\":12}", "{\"id\":21}");
		assertThat(lines("out-2.jsonl")).containsExactly("{\"id\":1}", "{\"id\":12}", "{\"id\":21}");
	}

}
