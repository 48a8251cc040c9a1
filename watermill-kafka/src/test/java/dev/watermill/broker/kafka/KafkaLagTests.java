package dev.watermill.broker.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillLiveness;
import dev.watermill.engine.MillState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The lag of each node's group as {@code kafka-consumer-groups} shows it.
 */
class KafkaLagTests {

	private final TopicMill topics = new TopicMill("a", "b");

	private final Semaphore permits = new Semaphore(0);

	@AfterEach
	void stop() {
		this.permits.release(1_000);
		if (this.topics.mill() != null) {
			this.topics.mill().stop();
		}
	}

	private long lag(String stream) {
		return this.topics.topics().lag(this.topics.group(stream), this.topics.topic(stream), 0).orElse(-1);
	}

	private void awaitLags(long a, long b) {
		TopicMill.await(() -> lag("a") == a && lag("b") == b);
	}

	/**
	 * Send elements in transactions of three, the mark in the last one.
	 */
	private void fillInTransactions(String stream, int elements) {
		List<ProducerRecord<String, String>> transaction = new ArrayList<>();
		for (int i = 1; i <= elements; i++) {
			transaction.add(new ProducerRecord<>(this.topics.topic(stream), String.valueOf(i)));
			if (i == elements) {
				transaction.add(new ProducerRecord<>(this.topics.topic(stream), Cluster.END));
			}
			if (transaction.size() >= 3 || i == elements) {
				this.topics.topics().sendInTransaction(transaction, new StringSerializer(), new StringSerializer());
				transaction.clear();
			}
		}
	}

	private void slowMill() {
		MillBuilder builder = this.topics.begin().commitInterval(Duration.ofNanos(1));
		Input<Long> a = this.topics.master();
		this.topics.join(a, "b");
		this.topics.output();
		builder.process((delivery) -> {
			this.permits.acquire();
			return delivery.get(a);
		});
		this.topics.start();
	}

	@Test
	void isWhatIsLeftToDoAndNothingInTheEnd() throws Exception {
		this.topics.append("a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		this.topics.end("a");
		this.topics.append("b", 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10);
		this.topics.end("b");
		slowMill();
		// a commit comes before the delivery that follows
		awaitLags(11, 21);
		this.permits.release(4);
		awaitLags(11 - 4, 21 - 8);
		this.permits.release(3);
		awaitLags(11 - 7, 21 - 14);
		this.permits.release(1_000);
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		awaitLags(0, 0);
	}

	@Test
	void isNothingInTheEndOfTopicsThatWereWrittenInTransactions() throws Exception {
		fillInTransactions("a", 10);
		fillInTransactions("b", 12);
		// each marker of a transaction counts as one
		long a = this.topics.topics().end(this.topics.topic("a"), 0);
		long b = this.topics.topics().end(this.topics.topic("b"), 0);
		assertThat(a).isEqualTo(11 + 4);
		assertThat(b).isEqualTo(13 + 4);
		slowMill();
		awaitLags(a, b);
		this.permits.release(4);
		// the first three of each are behind a marker
		awaitLags(a - 5, b - 5);
		this.permits.release(1_000);
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		TopicMill.await(() -> lag("a") == 0);
		// 11 and 12 can match nothing any more, and with them the mark is left
		System.out.printf("lags behind topics written in transactions: a %d, b %d%n", lag("a"), lag("b"));
		assertThat(lag("b")).isLessThanOrEqualTo(4);
	}

	@Test
	void isNothingForBothSidesOfASelfJoinInTransactions() throws Exception {
		fillInTransactions("a", 10);
		MillBuilder builder = this.topics.begin();
		Input<Long> a = this.topics.master();
		builder.join(a, Cluster.topic("next", Long.class, this.topics.topic("a")), this.topics.broker())
			.onLong((left) -> left + 1, (right) -> right)
			.many();
		this.topics.output();
		builder.process((delivery) -> delivery.get(a));
		this.topics.completes();
		TopicMill.await(() -> lag("a") == 0
				&& this.topics.topics().lag(this.topics.group("next"), this.topics.topic("a"), 0).orElse(-1) == 0);
	}

	@Test
	void isKnownToTheMillToo() throws Exception {
		this.topics.append("a", 1, 2, 3);
		this.topics.append("b", 1, 2, 3, 4);
		slowMill();
		Mill mill = this.topics.mill();
		this.permits.release(1);
		awaitLags(2, 3);
		// one element of b is read ahead, to see that a group is complete
		assertThat(mill.lags()).containsEntry("a", 2L).containsEntry("b", 2L);
		this.permits.release(2);
		// another 3 of the master may come, so the one of b is kept
		awaitLags(0, 2);
		TopicMill.await(() -> mill.lags().get("a") == 0 && mill.lags().get("b") == 1);
	}

	@Test
	void growsWithTheTopicWhileTheFunctionHangsAndNothingMoreIsFetched() {
		// more than is fetched ahead
		this.topics.append("a", LongStream.rangeClosed(1, 45_000).toArray());
		MillBuilder builder = this.topics.begin().commitInterval(Duration.ofHours(1));
		Input<Long> a = this.topics.master();
		this.topics.output();
		builder.process((delivery) -> {
			this.permits.acquire();
			return delivery.get(a);
		});
		this.topics.start();
		Mill mill = this.topics.mill();
		TopicMill.await(() -> mill.lags().getOrDefault("a", 0L) == 45_000);
		this.topics.append("a", LongStream.rangeClosed(45_001, 65_000).toArray());
		TopicMill.await(() -> mill.lags().get("a") == 65_000);
		assertThat(mill.liveness().activity()).isEqualTo(MillLiveness.Activity.CALLING);
		this.permits.release(65_000);
		TopicMill.await(() -> mill.lags().get("a") == 0);
	}

	@Test
	void tellsHowMuchIsDoneOfTopicsThatEndWithAMark() throws Exception {
		this.topics.append("a", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		this.topics.end("a");
		this.topics.append("b", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		slowMill();
		awaitLags(11, 10);
		TopicMill.await(() -> progress("a") != null);
		assertThat(progress("a")).isZero();
		this.permits.release(4);
		awaitLags(11 - 4, 10 - 4);
		TopicMill.await(() -> progress("a") > 0.3);
		assertThat(progress("a")).isEqualTo(4 / 11.0);
		assertThat(progress("b")).isNull();
		this.topics.end("b");
		this.permits.release(1_000);
		assertThat(this.topics.awaitEnd()).isEqualTo(MillState.COMPLETED);
		assertThat(progress("a")).isEqualTo(1);
	}

	private @Nullable Double progress(String stream) {
		// nothing is known before the first commit
		return this.topics.mill()
			.lanes()
			.stream()
			.findFirst()
			.map((lane) -> lane.inputs().get(stream).progress())
			.orElse(null);
	}

	@Test
	void isShownForAMillThatCommitsElsewhere() throws Exception {
		this.topics.append("a", 1, 2, 3);
		this.topics.end("a");
		MillBuilder builder = this.topics.begin();
		Input<Long> a = this.topics.master();
		List<Long> seen = new ArrayList<>();
		builder.forEach((delivery) -> seen.add(delivery.get(a)));
		this.topics.completes();
		assertThat(seen).containsExactly(1L, 2L, 3L);
		TopicMill.await(() -> lag("a") == 0);
	}

	@Test
	void isCommittedBeforeAMillCountsAsCompletedThatCommitsElsewhere(@TempDir Path directory) throws Exception {
		this.topics.append("a", 1, 2, 3);
		this.topics.end("a");
		JsonFileBroker files = JsonFileBroker.builder(Cluster.JSON).build();
		for (int i = 0; i < 6; i++) {
			KafkaBroker kafka = Cluster.shared().broker(this.topics.topic("short-" + i));
			MillBuilder builder = Mill.builder("mill").stateDirectory(directory.resolve("state"));
			Input<Long> a = builder.from(Cluster.topic("a", Long.class, this.topics.topic("a")), kafka);
			String file = directory.resolve(i + ".jsonl").toString();
			builder.process((delivery) -> delivery.get(a))
				.to(new StreamDefinition<>("out", Long.class, Map.of(JsonFileBroker.FILE_PROPERTY, file)), Long.class,
						files);
			assertThat(builder.build().run()).isEqualTo(MillState.COMPLETED);
			assertThat(this.topics.topics()
				.committed(this.topics.topic("short-" + i) + "-mill-a", this.topics.topic("a"), 0))
				.as("what the group of mill %d committed", i)
				.isNotNull()
				.extracting(OffsetAndMetadata::offset)
				.isEqualTo(4L);
		}
	}

}
