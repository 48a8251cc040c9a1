package dev.watermill.engine.internal;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.join.internal.MergeJoin;

/**
 * Makes deliveries, one right behind the other, about which there is nothing to do but to
 * call the function and to write its result. Used by the lane's thread.
 */
final class DeliveryRun {

	/*
	 * Why there is this way besides the usual one: for a fast function, all that is asked
	 * and noted for a delivery costs as much as its call. Behind a delivery that was made
	 * in the usual way, as many others as the pacer lets pass without the clock are made
	 * here, in one loop that the compiler sees as a whole. What the function or another
	 * thread can see is right for each of them: a wish is seen before it begins, and
	 * during the call the merge stands at it, and the steps show the call. What can be
	 * seen at commits only, how many there were, is noted for all of them at the end; for
	 * nothing is committed within a run. Whatever else there is to do about a delivery
	 * ends the run, or does not let it begin.
	 */

	private final LaneControl control;

	private final MergeJoin merge;

	private final LaneCommit commit;

	private final DeliveryCall call;

	private final CurrentDelivery current;

	DeliveryRun(LaneControl control, MergeJoin merge, LaneCommit commit, DeliveryCall call, CurrentDelivery current) {
		this.control = control;
		this.merge = merge;
		this.commit = commit;
		this.call = call;
		this.current = current;
	}

	/**
	 * Make the deliveries behind the current one, as far as this is the way for them.
	 * @throws ProcessingException if one fails, which is the current one then
	 */
	void go() {
		if (this.call.isPlain()) {
			int known = this.merge.ahead(this.commit.granted());
			if (known > 0) {
				make(known);
			}
		}
	}

	private void make(int known) {
		LaneControl control = this.control;
		LaneSteps steps = control.steps();
		MergeJoin merge = this.merge;
		DeliveryCall call = this.call;
		DeliveryFunction<?> function = call.function();
		CurrentDelivery delivery = this.current;
		Delivery view = delivery.view();
		long calls = steps.calls();
		int made = 0;
		try {
			for (; made < known && control.isToRun() && !delivery.isEndRequested(); made++) {
				merge.next();
				delivery.begin();
				steps.calls(calls + 1);
				Object result;
				try {
					result = function.process(view);
				}
				catch (Throwable ex) {
					throw call.fails(delivery, ex);
				}
				calls += 2;
				steps.calls(calls);
				// as after each call, see DeliveryCall
				Thread.interrupted();
				if (result != null) {
					call.write(result, delivery);
				}
			}
		}
		finally {
			this.commit.delivered(made);
		}
	}

}
