package dev.watermill.engine;

import java.time.Duration;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.join.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a lane of a mill, as of its last commit. Immutable.
 *
 * @param lane its number, from 0
 * @param checkpoint what was committed
 * @param inputs what is known of each node of the join tree, by the name of its stream
 * @param progress how much of the work is done, {@code null} if no end is known
 * @param noMatch what there is to say about a join in which nothing found a match,
 * {@code null} if something did, or little was read yet
 * @since 0.1.0
 */
public record LaneStatus(int lane, Checkpoint checkpoint, Map<String, InputStatus> inputs, @Nullable Progress progress,
		@Nullable String noMatch) {

	/**
	 * How much of the work is done.
	 *
	 * @param fraction how much, from 0 to 1
	 * @param timeLeft how long the rest is going to take at the pace so far, {@code null}
	 * while nothing can be said
	 */
	public record Progress(double fraction, @Nullable Duration timeLeft) {

	}

}
