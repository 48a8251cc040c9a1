package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks where partitions begin or end, of many in one question, and waits for no answer: a
 * broker that is away is no matter of the partitions of others. Used by one thread.
 */
final class EndQuestions {

	private final Admin admin;

	private final OffsetSpec wanted;

	private final ListOffsetsOptions options;

	private final Map<PartitionSource, Question> awaited = new LinkedHashMap<>();

	EndQuestions(Admin admin, OffsetSpec wanted, IsolationLevel isolation) {
		this.admin = admin;
		this.wanted = wanted;
		this.options = new ListOffsetsOptions(isolation);
	}

	/**
	 * Ask about partitions.
	 * @param answered is called by another thread once all answers are there
	 */
	void ask(Collection<PartitionSource> sources, Runnable answered) {
		if (sources.isEmpty()) {
			return;
		}
		Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
		sources.forEach((source) -> partitions.put(source.partition(), this.wanted));
		ListOffsetsResult result = this.admin.listOffsets(partitions, this.options);
		long now = System.nanoTime();
		sources.forEach(
				(source) -> this.awaited.put(source, new Question(result.partitionResult(source.partition()), now)));
		result.all().whenComplete((all, ex) -> answered.run());
	}

	boolean isAwaited(PartitionSource source) {
		return this.awaited.containsKey(source);
	}

	void forget(PartitionSource source) {
		this.awaited.remove(source);
	}

	/**
	 * Hand the answers out that came, and what became of the others in the time that they
	 * have.
	 */
	void answers(ObjLongConsumer<PartitionSource> answer, BiConsumer<PartitionSource, BrokerException> failure) {
		if (this.awaited.isEmpty()) {
			return;
		}
		long now = System.nanoTime();
		Map<PartitionSource, Question> done = new LinkedHashMap<>();
		for (Iterator<Map.Entry<PartitionSource, Question>> all = this.awaited.entrySet().iterator(); all.hasNext();) {
			Map.Entry<PartitionSource, Question> each = all.next();
			if (each.getValue().isOver(now)) {
				done.put(each.getKey(), each.getValue());
				all.remove();
			}
		}
		done.forEach((source, question) -> {
			try {
				answer.accept(source, question.offset(source));
			}
			catch (BrokerException ex) {
				failure.accept(source, ex);
			}
		});
	}

	/**
	 * A question about one partition.
	 */
	private record Question(KafkaFuture<ListOffsetsResultInfo> answer, long askedAt) {

		boolean isOver(long now) {
			return this.answer.isDone() || now - this.askedAt >= KafkaConnection.PATIENCE.toNanos();
		}

		long offset(PartitionSource source) {
			return TopicAdmin.requireAnswer(source.target().topic().message("can't be read"), this.answer).offset();
		}

	}

}
