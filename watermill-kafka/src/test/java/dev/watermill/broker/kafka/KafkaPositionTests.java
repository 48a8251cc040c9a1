package dev.watermill.broker.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StartFrom;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.count.MillCounters;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where a mill begins and goes on in topics, and what it refuses to go on from.
 */
class KafkaPositionTests {

	private final TopicMill topics = new TopicMill("a", "b");

	@TempDir
	private Path directory;

	@AfterEach
	void stop() {
		if (this.topics.mill() != null) {
			this.topics.mill().stop();
		}
	}

	/**
	 * Write two results, and stop.
	 */
	private void runABit() throws InterruptedException {
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2);
		this.topics.echo("b");
		this.topics.start();
		this.topics.append("b", 3);
		this.topics.awaitResults("1", "2");
		this.topics.stop();
	}

	private void forget(String stream) {
		Cluster.get(this.topics.topics()
			.admin()
			.deleteConsumerGroupOffsets(this.topics.group(stream), Set.of(this.topics.partition(stream)))
			.all());
	}

	private void deleteBefore(String stream, long offset) {
		Cluster.get(this.topics.topics()
			.admin()
			.deleteRecords(Map.of(this.topics.partition(stream), RecordsToDelete.beforeOffset(offset)))
			.all());
	}

	@Test
	void refusesToGoOnIfAnotherPositionIsMissing() throws Exception {
		runABit();
		forget("b");
		this.topics.echo("b");
		assertThat(this.topics.fail()).contains("lack the streams [b]");
		// start-from is for mills without any position
		this.topics.echo("b").startFrom(new StartFrom.Earliest());
		assertThat(this.topics.fail()).contains("lack the streams [b]");
		assertThat(this.topics.results()).containsExactly("1", "2");
	}

	@Test
	void refusesToBeginAnewWhereResultsAreUnlessItIsSaid() throws Exception {
		runABit();
		forget("a");
		forget("b");
		this.topics.echo("b");
		assertThat(this.topics.fail()).contains(this.topics.group("a"), this.topics.group("b"),
				this.topics.topic("out"), "start-from");
		this.topics.echo("b").startFrom(new StartFrom.Earliest());
		this.topics.start();
		this.topics.awaitResults("1", "2", "1", "2");
		this.topics.stop();
		// it has positions now, so start-from is of no account
		this.topics.append("a", 3);
		this.topics.append("b", 4);
		this.topics.end("a");
		this.topics.echo("b").startFrom(new StartFrom.Earliest());
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "1", "2", "3", "END");
	}

	@Test
	void beginsAtAnInstant() throws Exception {
		Instant start = Instant.now().minus(Duration.ofHours(1));
		for (int i = 0; i < 5; i++) {
			this.topics.appendAt("a", start.plusSeconds(i), i);
		}
		this.topics.end("a");
		this.topics.echo().startFrom(new StartFrom.At(start.plusSeconds(3)));
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("3", "4", "END");
	}

	@Test
	void goesOnWhereOnlyWhatWasReadIsDeleted() throws Exception {
		runABit();
		deleteBefore("a", this.topics.committed("a").offset());
		deleteBefore("b", this.topics.committed("b").offset());
		this.topics.append("a", 3);
		this.topics.append("b", 4);
		this.topics.end("a");
		this.topics.echo("b");
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "3", "END");
	}

	@Test
	void refusesAPositionBehindTheEndOfATopicThatWasMadeAnew() throws Exception {
		runABit();
		this.topics.topics().delete(this.topics.topic("a"));
		this.topics.topics().create(this.topics.topic("a"), 1);
		// the broker may forget offsets of deleted topics, which is told as well
		this.topics.echo("b");
		assertThat(this.topics.fail()).containsAnyOf("made anew", "lack the streams [a]");
		assertThat(this.topics.results()).containsExactly("1", "2");
	}

	private void makeAnew(String stream) {
		this.topics.topics().delete(this.topics.topic(stream));
		this.topics.topics().create(this.topics.topic(stream), 1);
	}

	private void grow(String stream) {
		Cluster.get(this.topics.topics()
			.admin()
			.createPartitions(Map.of(this.topics.topic(stream), NewPartitions.increaseTo(3)))
			.all());
	}

	private String failed() throws InterruptedException {
		assertThat(this.topics.awaitEnd()).as("%s", this.topics.mill().status()).isEqualTo(MillState.FAILED);
		return this.topics.mill().status().lastError().message();
	}

	/**
	 * Begin a mill that writes a file, and so keeps its positions beside it.
	 */
	private void toFile(Path file) {
		MillBuilder builder = this.topics.begin().stateDirectory(this.directory.resolve("state"));
		Input<Long> a = this.topics.master();
		this.topics.join(a, "b");
		builder.to(new StreamDefinition<>("out", Long.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
				Long.class, JsonFileBroker.builder(Cluster.JSON).build());
		builder.process((delivery) -> delivery.get(a));
	}

	@Test
	void refusesATopicThatWasMadeAnewThoughItReachesBehindThePosition() throws Exception {
		Path file = this.directory.resolve("out.jsonl");
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		toFile(file);
		Mill mill = this.topics.start();
		TopicMill.await(() -> file.toFile().length() > 3 && mill.lags().getOrDefault("a", 1L) == 0);
		this.topics.stop();
		makeAnew("a");
		this.topics.append("a", 4, 5, 6, 7);
		toFile(file);
		assertThat(this.topics.fail()).contains(this.topics.topic("a")).contains("made anew").contains("its id was");
		assertThat(file).hasContent("1\n2\n");
	}

	@Test
	void positionsMoveWithTheOnlyFileThatIsWritten() throws Exception {
		Path former = this.directory.resolve("former.jsonl");
		Path file = this.directory.resolve("out.jsonl");
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		toFile(former);
		this.topics.start();
		TopicMill.await(() -> former.toFile().length() > 3);
		this.topics.stop();
		this.topics.append("a", 3);
		this.topics.append("b", 4);
		this.topics.end("a");
		toFile(file);
		this.topics.completes();
		assertThat(former).hasContent("1\n2\n");
		assertThat(file).hasContent("3\n");
	}

	@Test
	void refusesATopicThatIsMadeAnewWhileItIsRead() throws Exception {
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		this.topics.echo("b");
		this.topics.start();
		this.topics.awaitResults("1", "2");
		makeAnew("b");
		this.topics.append("b", 4, 5, 6, 7, 8, 9);
		assertThat(failed()).contains(this.topics.topic("b")).contains("made anew");
	}

	@Test
	void goesOnBehindRecordsThatWereDeletedUnreadWhereThatIsSaid() throws Exception {
		this.topics.set("a", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		this.topics.set("b", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		runABit();
		this.topics.append("a", 3, 4, 5, 6);
		this.topics.append("b", 4, 5, 6, 7);
		deleteBefore("a", this.topics.committed("a").offset() + 1);
		deleteBefore("b", this.topics.committed("b").offset() + 3);
		this.topics.end("a");
		this.topics.echo("b");
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "5", "6", "END");
		Map<String, MillCounters.Input> inputs = this.topics.mill().counters().inputs();
		assertThat(inputs.get("a").lost().get()).isEqualTo(1);
		assertThat(inputs.get("b").lost().get()).isEqualTo(3);
	}

	@Test
	void readsATopicThatWasMadeAnewFromItsStartWhereThatIsSaid() throws Exception {
		this.topics.set("a", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		Path file = this.directory.resolve("out.jsonl");
		this.topics.append("a", 1, 3);
		this.topics.append("b", 1, 3, 4);
		toFile(file);
		Mill mill = this.topics.start();
		TopicMill.await(() -> file.toFile().length() > 3 && mill.lags().getOrDefault("a", 1L) == 0);
		this.topics.stop();
		makeAnew("a");
		// in an order of its own
		this.topics.append("a", 2, 4, 5, 6);
		this.topics.append("b", 5, 6, 7);
		this.topics.end("a");
		toFile(file);
		this.topics.completes();
		assertThat(file).hasContent("1\n3\n4\n5\n6\n");
	}

	@Test
	void goesOnWithATopicThatIsMadeAnewWhileItIsReadWhereThatIsSaid() throws Exception {
		this.topics.set("a", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		this.topics.set("b", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		this.topics.echo("b");
		this.topics.start();
		this.topics.awaitResults("1", "2");
		makeAnew("b");
		this.topics.append("b", 4, 5, 6, 7, 8, 9);
		this.topics.append("a", 5, 8);
		this.topics.end("a");
		assertThat(this.topics.awaitEnd()).as("%s", this.topics.mill().status()).isEqualTo(MillState.COMPLETED);
		assertThat(this.topics.results()).containsExactly("1", "2", "5", "8", "END");
	}

	@Test
	void refusesATopicReadAsOneThatGrewWhileTheMillWasStopped() throws Exception {
		this.topics.set("b", KafkaBroker.BROADCAST_PROPERTY, "true");
		runABit();
		grow("b");
		this.topics.echo("b");
		assertThat(this.topics.fail()).contains("'" + this.topics.topic("b") + "' has 3 partitions, but 'broadcast'");
	}

	@Test
	void refusesATopicOfSeveralPartitionsToBeReadAsOne() throws Exception {
		grow("b");
		this.topics.set("b", KafkaBroker.BROADCAST_PROPERTY, "true");
		this.topics.echo("b");
		assertThat(this.topics.fail()).contains("'" + this.topics.topic("b") + "' has 3 partitions, but 'broadcast'");
	}

	@Test
	void refusesATopicReadAsOneThatGrowsWhileItIsRead() throws Exception {
		this.topics.set("a", KafkaBroker.BROADCAST_PROPERTY, "true");
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		this.topics.echo("b");
		this.topics.start();
		this.topics.awaitResults("1", "2");
		grow("a");
		assertThat(failed()).contains("'" + this.topics.topic("a") + "' grew from 1 to 3 partitions");
	}

	@Test
	void doesNotCompleteAtTheMarkOfATopicReadAsOneThatGrew() throws Exception {
		this.topics.set("a", KafkaBroker.BROADCAST_PROPERTY, "true");
		this.topics.append("a", 1, 2);
		this.topics.append("b", 1, 2, 3);
		this.topics.echo("b");
		this.topics.start();
		this.topics.awaitResults("1", "2");
		grow("a");
		this.topics.end("a");
		assertThat(failed()).contains("'" + this.topics.topic("a") + "' grew from 1 to 3 partitions");
		assertThat(this.topics.results()).containsExactly("1", "2");
	}

	@Test
	void commitsThatItPassedWhatWasAborted() throws Exception {
		this.topics.append("a", 1);
		this.topics.append("b", 1, 2);
		this.topics.echo("b");
		this.topics.start();
		this.topics.awaitResults("1");
		abort("a");
		abort("b");
		TopicMill.await(() -> this.topics.committed("a").offset() == end("a") && end("a") == 1 + 2);
		this.topics.stop();
		deleteBefore("a", end("a"));
		this.topics.append("a", 2);
		this.topics.append("b", 3);
		this.topics.end("a");
		this.topics.echo("b");
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END");
	}

	@Test
	void commitsThatItPassedWhatWasAbortedBehindItsEnd() throws Exception {
		this.topics.append("a", 1);
		this.topics.end("a");
		this.topics.echo();
		this.topics.completes();
		this.topics.echo();
		this.topics.start();
		abort("a");
		TopicMill.await(() -> this.topics.committed("a").offset() == end("a") && end("a") == 2 + 2);
		this.topics.stop();
		deleteBefore("a", end("a"));
		this.topics.append("a", 2);
		this.topics.end("a");
		this.topics.echo().waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "END", "2", "END");
	}

	/** A record that is aborted takes an offset, and its marker another one. */
	private long end(String stream) {
		return this.topics.topics().end(this.topics.topic(stream), 0);
	}

	private void abort(String stream) {
		this.topics.topics().sendAborted(new ProducerRecord<>(this.topics.topic(stream), "7"));
	}

	@Test
	void createsItsOutputTopicWithOnePartition() throws Exception {
		this.topics.end("a");
		this.topics.echo();
		this.topics.completes();
		String out = this.topics.topic("out");
		assertThat(Cluster.get(this.topics.topics().admin().describeTopics(Set.of(out)).allTopicNames())
			.get(out)
			.partitions()).hasSize(1);
		assertThat(this.topics.results()).containsExactly("END");
	}

	@Test
	void readsACompletedFileAgainOnlyIfItsContentHasChanged() throws Exception {
		Path file = this.directory.resolve("file.jsonl");
		Files.writeString(file, "1\n2\n");
		fromFile(file);
		this.topics.completes();
		fromFile(file).waitForMore(false);
		this.topics.completes();
		assertThat(this.topics.results()).containsExactly("1", "2", "END");
		Files.writeString(file, "1\n2\n3\n");
		fromFile(file).waitForMore(false);
		this.topics.completes();
		System.out.println("a completed file that has grown: " + this.topics.results());
		assertThat(this.topics.results()).startsWith("1", "2", "END").endsWith("3", "END").hasSizeGreaterThan(4);
	}

	@Test
	void keepsThePositionOfAFileInTheGroupOfATopicWhereNothingIsWritten() throws Exception {
		Path file = this.directory.resolve("file.jsonl");
		Files.writeString(file, "1\n2\n3\n4\n");
		List<Long> delivered = new CopyOnWriteArrayList<>();
		this.topics.append("b", 1, 2, 3);
		withNothingWritten(file, "state", delivered);
		this.topics.start();
		await().atMost(Duration.ofSeconds(60)).until(() -> delivered.equals(List.of(1L, 2L)));
		this.topics.stop();
		assertThat(this.topics.mill().commitPlace()).isEqualTo("Kafka consumer groups");
		this.topics.append("b", 4);
		this.topics.end("b");
		// on another machine
		withNothingWritten(file, "state-of-another", delivered);
		this.topics.completes();
		assertThat(delivered).containsExactly(1L, 2L, 3L, 4L);
	}

	/**
	 * Joins a file with a topic, and writes nothing.
	 */
	private void withNothingWritten(Path file, String state, List<Long> delivered) {
		MillBuilder builder = this.topics.begin().stateDirectory(this.directory.resolve(state)).waitForMore(false);
		Input<Long> master = builder.from(
				new StreamDefinition<>("file", Long.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
				JsonFileBroker.builder(Cluster.JSON).build());
		this.topics.join(master, "b");
		builder.forEach((delivery) -> delivered.add(delivery.get(master)));
	}

	private MillBuilder fromFile(Path file) {
		MillBuilder builder = this.topics.begin();
		Input<Long> master = builder.from(
				new StreamDefinition<>("file", Long.class, Map.of(JsonFileBroker.FILE_PROPERTY, file.toString())),
				JsonFileBroker.builder(Cluster.JSON).build());
		this.topics.output();
		return builder.process((delivery) -> delivery.get(master));
	}

}
