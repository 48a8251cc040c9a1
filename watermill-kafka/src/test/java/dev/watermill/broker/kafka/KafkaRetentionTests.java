package dev.watermill.broker.kafka;

import java.util.Map;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.watermill.JoinCondition;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.JoinFirst;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Joins that hold elements for long, of topics that delete records.
 */
class KafkaRetentionTests {

	private final TopicMill topics = new TopicMill("a");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@AfterEach
	void stop() {
		((Logger) LoggerFactory.getLogger(PartitionSource.class)).detachAppender(this.log);
		if (this.topics.mill() != null) {
			this.topics.mill().stop();
		}
	}

	/**
	 * Begin a mill that joins each number with the last one that is as odd.
	 */
	private void joinByParity(boolean tolerance) {
		this.topics.begin();
		Input<Long> a = this.topics.master();
		JoinCondition<Long, Long>.AsOfMatch asOf = this.topics.matches(a, "b")
			.asOf()
			.by((left) -> left % 2, (right) -> right % 2);
		if (tolerance) {
			asOf.tolerance(100);
		}
		JoinFirst<Long, Long> last = asOf.match();
		this.topics.output();
		this.topics.builder().process((delivery) -> delivery.match(last));
	}

	@Test
	void refusesToHoldElementsForEverOfATopicThatDeletesThem() throws Exception {
		this.topics.topics().create(this.topics.topic("b"), 1, Map.of("retention.ms", "604800000"));
		this.topics.append("a", 4);
		this.topics.append("b", 2, 5);
		joinByParity(false);
		assertThat(this.topics.fail()).contains(this.topics.topic("b"),
				"deletes records after 7 days (retention.ms=604800000)", "tolerance");
		joinByParity(true);
		this.topics.start();
		this.topics.awaitResults("2");
	}

	@Test
	void reportsThatAHeldElementIsGoneAndDoesNotGoOnWithoutIt() throws Exception {
		this.log.start();
		((Logger) LoggerFactory.getLogger(PartitionSource.class)).addAppender(this.log);
		this.topics.topics().create(this.topics.topic("b"), 1);
		this.topics.append("b", 1, 2, 4, 6, 8);
		this.topics.append("a", 4, 6);
		joinByParity(false);
		this.topics.start();
		this.topics.awaitResults("4", "6");
		Cluster.get(this.topics.topics()
			.admin()
			.deleteRecords(Map.of(this.topics.partition("b"), RecordsToDelete.beforeOffset(3)))
			.all());
		TopicMill.await(() -> this.log.list.stream()
			.anyMatch((event) -> event.getFormattedMessage().contains(this.topics.topic("b"))
					&& event.getFormattedMessage()
						.contains("begins at offset 3 now, but is to be read again from offset 0")));
		// as long as it runs it has it
		this.topics.append("a", 7);
		this.topics.awaitResults("4", "6", "1");
		this.topics.stop();
		joinByParity(false);
		assertThat(this.topics.fail()).contains("from offset 0, but begins at 3 now");
		this.topics.set("b", KafkaBroker.ON_DATA_LOSS_PROPERTY, "earliest");
		this.topics.append("b", 9, 10);
		this.topics.append("a", 8, 9);
		joinByParity(false);
		this.topics.start();
		this.topics.awaitResults("4", "6", "1", "8", "9");
	}

}
