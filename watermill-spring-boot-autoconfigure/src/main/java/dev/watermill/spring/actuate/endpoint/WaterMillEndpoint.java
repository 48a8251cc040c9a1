package dev.watermill.spring.actuate.endpoint;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.watermill.Mill;
import dev.watermill.spring.mill.Mills;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to see and steer mills.
 *
 * @since 0.1.0
 */
@Endpoint(id = "watermill")
public class WaterMillEndpoint {

	private static final String DIAGRAM = "diagram";

	private final Mills mills;

	private final Set<MillAction> permitted;

	private final KnownMembers members = new KnownMembers(Clock.systemUTC());

	private final @Nullable MillHistory history;

	/**
	 * Create an endpoint by which mills can be seen and steered.
	 * @param mills the mills
	 */
	public WaterMillEndpoint(Mills mills) {
		this(mills, true);
	}

	/**
	 * Create an endpoint.
	 * @param mills the mills
	 * @param steerable whether it shows the actions that mills take. Whether they do is
	 * up to the access to the endpoint.
	 */
	public WaterMillEndpoint(Mills mills, boolean steerable) {
		this(mills, steerable, null);
	}

	WaterMillEndpoint(Mills mills, boolean steerable, @Nullable MillHistory history) {
		this.mills = mills;
		this.history = history;
		this.permitted = steerable ? EnumSet.allOf(MillAction.class) : EnumSet.noneOf(MillAction.class);
	}

	/**
	 * Describe all mills.
	 * @return the mills, in the order of their names; where one has many lanes only those
	 * of them that want a look
	 */
	@ReadOperation
	public MillsDescriptor mills() {
		return new MillsDescriptor(this.mills.all().stream().map((mill) -> describe(mill, false)).toList());
	}

	/**
	 * Describe one mill.
	 * @param mill its name
	 * @return the mill, {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable MillDescriptor mill(@Selector String mill) {
		Mill found = this.mills.get(mill);
		return (found != null) ? describe(found, true) : null;
	}

	/**
	 * Apply an action to a mill. It follows in its own time, so the answer may show it as
	 * it was.
	 * @param mill its name
	 * @param action {@code start}, {@code stop}, {@code pause}, {@code resume} or
	 * {@code reset}
	 * @return the mill, {@code null} if there is none of this name
	 * @throws InvalidEndpointRequestException if there is no such action, or the mill is
	 * not in a state for it
	 */
	@WriteOperation
	public @Nullable MillDescriptor steer(@Selector String mill, String action) {
		Mill found = this.mills.get(mill);
		if (found == null) {
			return null;
		}
		MillAction.of(action).applyTo(found);
		return describe(found, true);
	}

	/**
	 * Draw one mill.
	 * @param mill its name
	 * @param view {@code diagram}
	 * @return a Mermaid flowchart, {@code null} if there is no mill of this name or no
	 * such view
	 */
	@ReadOperation(produces = "text/plain")
	public @Nullable String diagram(@Selector String mill, @Selector String view) {
		Mill found = this.mills.get(mill);
		return (found != null && view.equals(DIAGRAM)) ? MillDiagram.of(found) : null;
	}

	private MillDescriptor describe(Mill mill, boolean whole) {
		return MillDescriptor.of(mill, this.permitted, this.members, whole,
				(whole && this.history != null) ? this.history.of(mill) : null);
	}

	/**
	 * What is known of all mills.
	 *
	 * @param mills the mills, in the order of their names
	 */
	public record MillsDescriptor(List<MillDescriptor> mills) implements OperationResponseBody {

	}

}
