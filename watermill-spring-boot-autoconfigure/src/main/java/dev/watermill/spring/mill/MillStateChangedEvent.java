package dev.watermill.spring.mill;

import java.io.Serial;

import dev.watermill.Mill;
import dev.watermill.engine.MillState;

import org.springframework.context.ApplicationEvent;

/**
 * The state of a mill has changed, as it starts, waits, runs, fails, completes or stops.
 * Events of one mill are published in their order, on the thread that changed its state,
 * often the mill's own: a listener that takes long belongs on a thread of its own, as
 * with {@code @Async}. It may steer mills. One that throws is warned of, and hurts no
 * mill.
 *
 * <pre class="code">
 * &#64;EventListener(condition = "#event.state.name() == 'FAILED'")
 * void failed(MillStateChangedEvent event) {
 *     pager.page(event.getMill().name(), event.getMill().status().detail());
 * }
 * </pre>
 *
 * @since 0.1.0
 */
public class MillStateChangedEvent extends ApplicationEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final MillState state;

	/**
	 * Create an event.
	 * @param mill the mill
	 * @param state the state that it has got
	 */
	public MillStateChangedEvent(Mill mill, MillState state) {
		super(mill);
		this.state = state;
	}

	/**
	 * Return the mill, which may be in another state by now.
	 * @return the mill
	 */
	public final Mill getMill() {
		return (Mill) getSource();
	}

	/**
	 * Return the state that the mill has got.
	 * @return the state
	 */
	public final MillState getState() {
		return this.state;
	}

	@Override
	public String toString() {
		return "Mill '" + getMill().name() + "' is " + this.state;
	}

}
