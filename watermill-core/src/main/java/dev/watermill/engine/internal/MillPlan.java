package dev.watermill.engine.internal;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.PlaceMemory;
import dev.watermill.broker.StartFrom;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.ResultShape;
import dev.watermill.engine.DeliveryObserver;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.Output;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.join.JoinTree;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Everything a mill is made of. Immutable; lanes share it.
 *
 * @param name the name of the mill
 * @param tree what is joined
 * @param window how the master is cut into windows
 * @param function the processing function
 * @param shape the form in which it answers
 * @param outputs where results go
 * @param stateCheckpoint where positions are committed if no output has a place for them
 * @param places remembers where it commits, beyond what its outputs tell
 * @param pollTimeout how long one wait for an element lasts
 * @param commitInterval how long results may wait for their commit
 * @param maxWindowSize how many elements a window may have
 * @param retry how often a failed delivery is repeated
 * @param onError what happens with it then
 * @param startFrom where to begin where no position exists, {@code null} for the start
 * unless the outputs hold results already
 * @param dataTimeout how long nothing comes before a stream counts as over, {@code null}
 * to wait for ever
 * @param waitsForMore whether a mill that is started again after it completed waits for
 * more, rather than completing at once where there is nothing new
 * @param listener is told what the mill does, {@code null} for nobody
 * @param observer is around each delivery, {@code null} for nobody
 * @param clock tells when something happened
 * @param ticker measures how long something took, in nanoseconds
 * @since 0.1.0
 */
public record MillPlan(String name, JoinTree tree, WindowPolicy window, DeliveryFunction<?> function, ResultShape shape,
		List<Output> outputs, CommitPlace stateCheckpoint, PlaceMemory places, Duration pollTimeout,
		Duration commitInterval, int maxWindowSize, RetryPolicy retry, ErrorPolicy onError,
		@Nullable StartFrom startFrom, @Nullable Duration dataTimeout, boolean waitsForMore,
		@Nullable MillListener listener, @Nullable DeliveryObserver observer, Clock clock, LongSupplier ticker) {

	/**
	 * Create a plan.
	 */
	public MillPlan {
		outputs = List.copyOf(outputs);
	}

	boolean isWindowed() {
		return !(this.window instanceof WindowPolicy.None);
	}

	/**
	 * Whether everything is read and written anew when the mill starts after it
	 * completed.
	 */
	boolean isBatch() {
		return this.tree.nodes().stream().allMatch((node) -> node.source().isBatch())
				&& this.outputs.stream().allMatch((output) -> output.sink().isBatch());
	}

}
