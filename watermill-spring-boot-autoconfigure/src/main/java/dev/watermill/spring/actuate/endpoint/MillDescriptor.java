package dev.watermill.spring.actuate.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.watermill.Mill;
import dev.watermill.broker.Checkpoint;
import dev.watermill.engine.MillCounters;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.engine.Output;
import dev.watermill.join.InputCounters;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.join.SkipReason;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.Counter;
import dev.watermill.stream.Position;
import dev.watermill.window.WindowPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.core.NestedExceptionUtils;

/**
 * What the endpoint tells of a mill.
 *
 * @param name its name
 * @param state what it is doing
 * @param since since when
 * @param detail what it waits for, or why it stopped
 * @param unavailable the broker or stream that does not answer now
 * @param tree the nodes of the join tree, the master first and every parent before its
 * children
 * @param window how the master is cut into windows, {@code null} if it is not
 * @param outputs where results go
 * @param commitPlace where positions are committed
 * @param positions the last commit, {@code null} if there was none
 * @param counters what was counted since the application started
 * @param lag how many elements stand behind those that were read, as of the last commit,
 * by the names of the streams; without those where it is unknown
 * @param windowSize how many elements the open window has
 * @param lastError what went wrong last
 * @since 0.1.0
 */
public record MillDescriptor(String name, MillState state, Instant since, @Nullable String detail,
		@Nullable String unavailable, List<NodeDescriptor> tree, @Nullable WindowDescriptor window,
		List<OutputDescriptor> outputs, String commitPlace, @Nullable PositionsDescriptor positions,
		CountersDescriptor counters, Map<String, Long> lag, int windowSize,
		@Nullable ErrorDescriptor lastError) implements OperationResponseBody {

	static MillDescriptor of(Mill mill) {
		MillStatus status = mill.status();
		JoinTree tree = mill.tree();
		MillCounters counters = mill.counters();
		return new MillDescriptor(mill.name(), status.state(), status.since(), status.detail(), status.unavailable(),
				tree.nodes().stream().map((node) -> NodeDescriptor.of(node, tree)).toList(),
				WindowDescriptor.of(mill.window()),
				mill.outputs().stream().map((output) -> OutputDescriptor.of(output, status)).toList(),
				mill.commitPlace(), (status.checkpoint() != null) ? PositionsDescriptor.of(status.checkpoint()) : null,
				CountersDescriptor.of(counters), new LinkedHashMap<>(mill.lags()), counters.windowSize(),
				(status.lastError() != null) ? ErrorDescriptor.of(status.lastError()) : null);
	}

	private static <T, D> Map<String, D> map(Map<String, T> values, Function<T, D> descriptor) {
		Map<String, D> descriptors = new LinkedHashMap<>();
		values.forEach((key, value) -> descriptors.put(key, descriptor.apply(value)));
		return descriptors;
	}

	/**
	 * A node of the join tree and the edge to its parent.
	 *
	 * @param stream the name of the stream
	 * @param location where the stream lives
	 * @param parent the stream it is joined to, {@code null} for the master
	 * @param left the key of the parent's elements, {@code null} for the master
	 * @param right the key of this stream's elements, {@code null} for the master
	 * @param first whether the first match is all that is asked for
	 */
	public record NodeDescriptor(String stream, String location, @Nullable String parent, @Nullable String left,
			@Nullable String right, boolean first) {

		static NodeDescriptor of(JoinNode node, JoinTree tree) {
			return new NodeDescriptor(node.stream(), node.source().location(),
					(node.parent() >= 0) ? tree.nodes().get(node.parent()).stream() : null, text(node.leftKey()),
					text(node.rightKey()), node.first());
		}

		private static @Nullable String text(@Nullable KeyFunction<?> key) {
			return (key != null) ? key.description() : null;
		}

	}

	/**
	 * How the master is cut into windows.
	 *
	 * @param by the key whose runs are windows, {@code null} if they are not cut by a key
	 * @param every how long a window is, {@code null} if they are not cut by the clock
	 * @param function the function that cuts windows, {@code null} if there is none
	 */
	public record WindowDescriptor(@Nullable String by, @Nullable Duration every, @Nullable String function) {

		static @Nullable WindowDescriptor of(WindowPolicy policy) {
			if (policy instanceof WindowPolicy.ByKey byKey) {
				return new WindowDescriptor(byKey.key().description(), null, null);
			}
			if (policy instanceof WindowPolicy.Every every) {
				return new WindowDescriptor(null, every.duration(), null);
			}
			if (policy instanceof WindowPolicy.ByFunction byFunction) {
				return new WindowDescriptor(null, null, byFunction.function().getClass().getSimpleName());
			}
			return null;
		}

	}

	/**
	 * An output stream.
	 *
	 * @param stream the name of the stream
	 * @param type the type of its elements
	 * @param location where the stream lives
	 * @param unfinishedLocation where the results stand for now, if they appear at the
	 * location only when the mill completes and it has not
	 */
	public record OutputDescriptor(String stream, String type, String location, @Nullable String unfinishedLocation) {

		static OutputDescriptor of(Output output, MillStatus status) {
			return new OutputDescriptor(output.stream(), output.type().getName(), output.sink().location(),
					(status.state() != MillState.COMPLETED) ? output.sink().unfinishedLocation().orElse(null) : null);
		}

	}

	/**
	 * A commit: where the mill would go on after a restart.
	 *
	 * @param inputs where each stream is read again, by name
	 * @param outputs how far each output stream reaches, by name, in the fields of its
	 * broker
	 * @param completed whether the mill has completed
	 */
	public record PositionsDescriptor(Map<String, InputPositionDescriptor> inputs,
			Map<String, Map<String, Object>> outputs, boolean completed) {

		static PositionsDescriptor of(Checkpoint checkpoint) {
			return new PositionsDescriptor(map(checkpoint.inputs(), InputPositionDescriptor::of),
					map(checkpoint.outputs(), Position::fields), checkpoint.completed());
		}

	}

	/**
	 * Where one stream is read again.
	 *
	 * @param position the place in the fields of the stream's broker
	 * @param lastKeys the last key before it, for each expression on the stream
	 */
	public record InputPositionDescriptor(Map<String, Object> position, List<String> lastKeys) {

		static InputPositionDescriptor of(Checkpoint.Input input) {
			return new InputPositionDescriptor(input.position().fields(), input.lastKeys());
		}

	}

	/**
	 * What was counted since the application started. Work that was repeated after a
	 * failure was counted again.
	 *
	 * @param inputs what was counted of each node of the join tree, by the name of its
	 * stream
	 * @param deliveries the deliveries that were processed
	 * @param skippedDeliveries the deliveries that were passed over since the function
	 * failed for them
	 * @param results the results that were written, by the names of the output streams
	 */
	public record CountersDescriptor(Map<String, InputCountersDescriptor> inputs, long deliveries,
			long skippedDeliveries, Map<String, Long> results) {

		static CountersDescriptor of(MillCounters counters) {
			return new CountersDescriptor(map(counters.inputs(), InputCountersDescriptor::of),
					counters.deliveries().get(), counters.skippedDeliveries().get(),
					map(counters.results(), Counter::get));
		}

	}

	/**
	 * What was counted of one node of the join tree.
	 *
	 * @param read the elements that were taken from the stream
	 * @param skipped those of them that are in no delivery, by the reason
	 */
	public record InputCountersDescriptor(long read, Map<String, Long> skipped) {

		static InputCountersDescriptor of(InputCounters counters) {
			Map<String, Long> skipped = new LinkedHashMap<>();
			for (SkipReason reason : SkipReason.values()) {
				skipped.put(reason.label(), counters.skipped(reason).get());
			}
			return new InputCountersDescriptor(counters.read().get(), skipped);
		}

	}

	/**
	 * What went wrong last.
	 *
	 * @param message what, for people
	 * @param cause the exception behind it all
	 * @param at when
	 */
	public record ErrorDescriptor(String message, String cause, Instant at) {

		static ErrorDescriptor of(MillStatus.Problem problem) {
			return new ErrorDescriptor(problem.message(),
					NestedExceptionUtils.getMostSpecificCause(problem.cause()).toString(), problem.at());
		}

	}

}
