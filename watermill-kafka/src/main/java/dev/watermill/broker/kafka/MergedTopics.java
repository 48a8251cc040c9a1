package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.watermill.broker.MergedSource;
import org.apache.kafka.common.TopicPartition;

/**
 * What is merged into one stream: the partitions of a topic or of several, or several
 * topics of which each lane reads its own partition.
 *
 * @param <T> the type of the elements
 */
final class MergedTopics<T> {

	private final KafkaConnection connection;

	private final KafkaTopic topic;

	private final Supplier<RecordDecoding> decoding;

	/** How many partitions each topic had when somebody asked. */
	private final Map<String, Integer> counts = new ConcurrentHashMap<>();

	MergedTopics(KafkaConnection connection, KafkaTopic topic, Supplier<RecordDecoding> decoding) {
		this.connection = connection;
		this.topic = topic;
		this.decoding = decoding;
	}

	/**
	 * Return the stream.
	 * @param whole knows what is asked of it as a whole
	 */
	MergedSource<T> over(KafkaSource<T> whole) {
		return this.topic.isSeveral()
				? new MergedSource<>(whole, this::names, this::source, (position) -> mayGo(),
						this.topic.names().hasPattern())
				: new MergedSource<>(whole, () -> count(this.topic), (partition) -> source(this.topic, partition));
	}

	/**
	 * Whoever takes a topic out of a list means that; a topic of a pattern was deleted.
	 */
	private boolean mayGo() {
		return !this.topic.names().hasPattern() || this.topic.onDataLoss() == OnDataLoss.EARLIEST;
	}

	private int count(KafkaTopic one) {
		int count = new TopicAdmin(this.connection).partitions(one);
		this.counts.put(one.name(), count);
		return count;
	}

	private List<String> names() {
		List<String> names = new ArrayList<>();
		for (KafkaTopic one : this.topic.each()) {
			if (one.use() == TopicUse.MERGED) {
				int count = count(one);
				for (int i = 0; i < count; i++) {
					names.add(name(new TopicPartition(one.name(), i), TopicUse.MERGED));
				}
			}
			else {
				names.add(one.name());
			}
		}
		return names;
	}

	/**
	 * The name by which a position knows what is read of a topic.
	 */
	static String name(TopicPartition partition, TopicUse use) {
		return (use == TopicUse.MERGED) ? partition.toString() : partition.topic();
	}

	private KafkaSource<T> source(String name) {
		if (this.topic.use() != TopicUse.MERGED) {
			return new KafkaSource<>(this.connection, this.topic.named(name), this.decoding);
		}
		int hyphen = name.lastIndexOf('-');
		return source(this.topic.named(name.substring(0, hyphen)), Integer.parseInt(name.substring(hyphen + 1)));
	}

	private KafkaSource<T> source(KafkaTopic one, int partition) {
		return new KafkaSource<>(this.connection, one, this.decoding, partition,
				() -> this.counts.getOrDefault(one.name(), 0));
	}

}
