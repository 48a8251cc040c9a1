package dev.watermill.engine.internal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.OriginalElement;
import dev.watermill.broker.StreamWriter;
import dev.watermill.join.internal.Rejected;
import dev.watermill.stream.Position;
import dev.watermill.stream.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * The open places of a lane's dead letters. A letter is written when its element is
 * passed, as a result would be, and belongs to the commit that covers it. Used by one
 * thread at a time, see {@link LongCalls}.
 */
final class DeadLetters implements AutoCloseable {

	private final String mill;

	/** The stream whose elements failed deliveries are made of. */
	private final String master;

	private final Clock clock;

	private final List<Open> open = new ArrayList<>();

	private final Map<String, Open> byStream = new HashMap<>();

	DeadLetters(MillPlan plan, @Nullable Checkpoint from, CommitLog log) {
		this.mill = plan.name();
		this.master = plan.tree().nodes().get(0).stream();
		this.clock = plan.clock();
		try {
			for (DeadLetterPlace place : plan.deadLetters()) {
				String name = place.output().stream();
				Position committed = (from != null) ? from.outputs().get(name) : null;
				Open opened = new Open(name, place.sink().open(committed, log));
				this.open.add(opened);
				place.streams().forEach((stream) -> this.byStream.put(stream, opened));
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Write an element that does not go into the merge.
	 */
	void rejected(String stream, Rejected element) {
		write(stream, element.reason(), new Problem(element.problem(), element.cause()), element.original(), Map.of());
	}

	/**
	 * Write the master's elements of a delivery that is passed over, since the function
	 * failed for it.
	 */
	void failed(CurrentDelivery delivery, ProcessingException failure) {
		Problem problem = new Problem(String.valueOf(failure.getMessage()), failure.getCause());
		Map<String, String> positions = delivery.context().positions();
		for (OriginalElement element : delivery.originals()) {
			write(this.master, SkipReason.FAILED, problem, element, positions);
		}
	}

	private void write(String stream, SkipReason reason, Problem problem, OriginalElement element,
			Map<String, String> positions) {
		Open place = this.byStream.get(stream);
		if (place == null) {
			throw new IllegalStateException(
					"The mill '" + this.mill + "' has no place for the dead letters of '" + stream + "'");
		}
		place.writer.write(new DeadLetter(this.mill, stream, reason, problem.message(), problem.exception(), element,
				positions, this.clock.instant()));
		place.written = true;
	}

	/**
	 * Whether anything was written since the last commit.
	 */
	boolean isWritten() {
		for (Open place : this.open) {
			if (place.written) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Flush all places.
	 * @param lengths gets how far each reaches now
	 */
	void flush(Map<String, Position> lengths) {
		for (Open place : this.open) {
			lengths.put(place.name, place.writer.flush());
		}
	}

	void committed(boolean completed) {
		for (Open place : this.open) {
			place.writer.committed(completed);
			place.written = false;
		}
	}

	@Override
	public void close() {
		this.open.forEach((place) -> place.writer.close());
	}

	private record Problem(String message, @Nullable Throwable exception) {

	}

	private static final class Open {

		private final String name;

		private final StreamWriter<DeadLetter> writer;

		private boolean written;

		Open(String name, StreamWriter<DeadLetter> writer) {
			this.name = name;
			this.writer = writer;
		}

	}

}
