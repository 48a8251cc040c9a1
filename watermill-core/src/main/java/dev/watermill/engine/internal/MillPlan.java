package dev.watermill.engine.internal;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Result;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinTree;
import dev.watermill.window.WindowPolicy;

/**
 * Everything a mill is made of. Immutable; lanes share it.
 *
 * @param name the name of the mill
 * @param tree what is joined
 * @param window how the master is cut into windows
 * @param function the processing function
 * @param shape the form in which it answers
 * @param outputs where results go
 * @param settings how it works
 * @since 0.1.0
 */
public record MillPlan(String name, JoinTree tree, WindowPolicy window, DeliveryFunction<?> function,
		Result.Shape shape, List<Output> outputs, MillSettings settings) {

	/**
	 * Create a plan.
	 */
	public MillPlan {
		outputs = List.copyOf(outputs);
	}

	MillSettings.Timing timing() {
		return this.settings.timing();
	}

	MillSettings.Failure failure() {
		return this.settings.failure();
	}

	MillSettings.Start start() {
		return this.settings.start();
	}

	MillSettings.Sharing sharing() {
		return this.settings.sharing();
	}

	MillSettings.Observers observers() {
		return this.settings.observers();
	}

	MillSettings.State state() {
		return this.settings.state();
	}

	Clock clock() {
		return this.settings.clocks().clock();
	}

	LongSupplier ticker() {
		return this.settings.clocks().ticker();
	}

	boolean isWindowed() {
		return !(this.window instanceof WindowPolicy.None);
	}

	/**
	 * Let outputs have a partition for each lane.
	 * @throws BrokerUnavailableException if that can be expected to work later
	 * @throws BrokerException if one has too few
	 */
	void prepareOutputs(int lanes) {
		this.outputs.forEach((output) -> output.sink().prepare(lanes));
	}

	/**
	 * What one of several lanes works by: it may have places of its own to write to.
	 * @throws BrokerException if lanes would be in each other's way
	 */
	MillPlan lane(int lane) {
		List<Output> own = this.outputs.stream()
			.map((output) -> new Output(output.stream(), output.type(), output.sink().lane(lane), output.key()))
			.toList();
		return own.equals(this.outputs) ? this
				: new MillPlan(this.name, this.tree, this.window, this.function, this.shape, own, this.settings);
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
