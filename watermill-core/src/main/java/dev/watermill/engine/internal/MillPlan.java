package dev.watermill.engine.internal;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

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
 * @param asynchronous whether it returns a stage that completes with such an answer
 * @param outputs where results go
 * @param deadLetters where dead letters go
 * @param settings how it works
 * @since 0.1.0
 */
public record MillPlan(String name, JoinTree tree, WindowPolicy window, DeliveryFunction<?> function,
		Result.Shape shape, boolean asynchronous, List<Output> outputs, List<DeadLetterPlace> deadLetters,
		MillSettings settings) {

	/**
	 * Create a plan.
	 */
	public MillPlan {
		outputs = List.copyOf(outputs);
		deadLetters = List.copyOf(deadLetters);
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
	 * Whether elements of the master are held beyond the next one.
	 */
	boolean isHolding() {
		return isWindowed() || this.asynchronous;
	}

	/**
	 * Let outputs have a partition for each lane.
	 * @throws BrokerUnavailableException if that can be expected to work later
	 * @throws BrokerException if one has too few
	 */
	void prepareOutputs(int lanes) {
		written().forEach((output) -> output.sink().prepare(lanes));
	}

	/**
	 * What one of several lanes works by: it may have places of its own to write to.
	 * @throws BrokerException if lanes would be in each other's way
	 */
	MillPlan lane(int lane) {
		List<Output> own = this.outputs.stream()
			.map((output) -> new Output(output.stream(), output.type(), output.sink().lane(lane), output.key()))
			.toList();
		List<DeadLetterPlace> ownDeadLetters = this.deadLetters.stream().map((place) -> place.lane(lane)).toList();
		return (own.equals(this.outputs) && ownDeadLetters.equals(this.deadLetters)) ? this
				: new MillPlan(this.name, this.tree, this.window, this.function, this.shape, this.asynchronous, own,
						ownDeadLetters, this.settings);
	}

	/**
	 * Whether deliveries that failed can be written to the dead letters of the master.
	 */
	boolean deadLettersDeliveries() {
		String master = this.tree.nodes().get(0).stream();
		return failure().mayDeadLetter()
				&& this.deadLetters.stream().anyMatch((place) -> place.streams().contains(master));
	}

	/**
	 * All that the mill writes: results, then dead letters.
	 */
	List<Output> written() {
		return Stream.concat(this.outputs.stream(), this.deadLetters.stream().map(DeadLetterPlace::output)).toList();
	}

	/**
	 * Whether everything is read and written anew when the mill starts after it
	 * completed.
	 */
	boolean isBatch() {
		return this.tree.nodes().stream().allMatch((node) -> node.source().isBatch())
				&& written().stream().allMatch((output) -> output.sink().isBatch());
	}

}
