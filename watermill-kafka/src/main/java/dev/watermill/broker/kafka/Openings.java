package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that are about to be read: of all that come at once it is asked in one
 * go whether the topic is what was read before, and where they begin and end. Nobody
 * waits for the answers, so others are read meanwhile. Used by one thread.
 */
final class Openings {

	private final TopicGuard guard;

	private final EndQuestions firsts;

	private final EndQuestions lasts;

	private final Runnable answered;

	/** Those that nothing was asked about yet. */
	private List<PartitionSource> waiting = new ArrayList<>();

	/** Those for which the topic was asked about. */
	private List<PartitionSource> asking = new ArrayList<>();

	private final Set<PartitionSource> bounded = new LinkedHashSet<>();

	private @Nullable KafkaFuture<TopicDescription> topic;

	private long askedAt;

	/**
	 * Create.
	 * @param answered is called by another thread when answers are there
	 */
	Openings(TopicGuard guard, Admin admin, Runnable answered) {
		this.guard = guard;
		this.firsts = new EndQuestions(admin, OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED);
		this.lasts = new EndQuestions(admin, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
		this.answered = answered;
	}

	void add(PartitionSource source) {
		this.waiting.add(source);
	}

	/**
	 * Let one go that nobody wants to read any more.
	 */
	void remove(PartitionFeed feed) {
		this.waiting.removeIf((source) -> source.feed() == feed);
		this.asking.removeIf((source) -> source.feed() == feed);
		this.bounded.stream().filter((source) -> source.feed() == feed).toList().forEach(this::forget);
	}

	private void forget(PartitionSource source) {
		this.bounded.remove(source);
		this.firsts.forget(source);
		this.lasts.forget(source);
	}

	/**
	 * Return those of which all is known that is to be known.
	 * @param failure is given those that can't be read
	 */
	List<PartitionSource> ready(BiConsumer<PartitionSource, BrokerException> failure) {
		KafkaFuture<TopicDescription> awaited = this.topic;
		if (awaited != null
				&& (awaited.isDone() || System.nanoTime() - this.askedAt >= KafkaConnection.PATIENCE.toNanos())) {
			this.topic = null;
			askForBounds(awaited, failure);
		}
		if (this.topic == null && !this.waiting.isEmpty()) {
			askForTopic();
		}
		BiConsumer<PartitionSource, BrokerException> failed = (source, ex) -> {
			forget(source);
			failure.accept(source, ex);
		};
		this.firsts.answers(PartitionSource::beginsAt, failed);
		this.lasts.answers(PartitionSource::endsAt, failed);
		List<PartitionSource> ready = new ArrayList<>();
		this.bounded.removeIf((source) -> source.isBounded() && ready.add(source));
		return ready;
	}

	private void askForTopic() {
		this.asking = this.waiting;
		this.waiting = new ArrayList<>();
		this.askedAt = System.nanoTime();
		KafkaFuture<TopicDescription> asked = this.guard.ask();
		this.topic = asked;
		asked.whenComplete((found, ex) -> this.answered.run());
	}

	private void askForBounds(KafkaFuture<TopicDescription> awaited,
			BiConsumer<PartitionSource, BrokerException> failure) {
		List<PartitionSource> sound = new ArrayList<>();
		for (PartitionSource source : this.asking) {
			try {
				source.identify(TopicAdmin.requireAnswer(this.guard.problem(), awaited));
				sound.add(source);
			}
			catch (BrokerException ex) {
				failure.accept(source, ex);
			}
		}
		this.asking = new ArrayList<>();
		this.bounded.addAll(sound);
		this.firsts.ask(sound, this.answered);
		this.lasts.ask(sound, this.answered);
	}

}
