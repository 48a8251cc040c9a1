package dev.watermill.spring.actuate.endpoint;

import java.util.List;

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

	private final Mills mills;

	/**
	 * Create an endpoint.
	 * @param mills the mills
	 */
	public WaterMillEndpoint(Mills mills) {
		this.mills = mills;
	}

	/**
	 * Describe all mills.
	 * @return the mills, in the order of their names
	 */
	@ReadOperation
	public MillsDescriptor mills() {
		return new MillsDescriptor(this.mills.all().stream().map(MillDescriptor::of).toList());
	}

	/**
	 * Describe one mill.
	 * @param mill its name
	 * @return the mill, {@code null} if there is none of this name
	 */
	@ReadOperation
	public @Nullable MillDescriptor mill(@Selector String mill) {
		Mill found = this.mills.get(mill);
		return (found != null) ? MillDescriptor.of(found) : null;
	}

	/**
	 * Tell a mill to do something. It follows in its own time, so the answer may show it
	 * as it was.
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
		return MillDescriptor.of(found);
	}

	/**
	 * What is known of all mills.
	 *
	 * @param mills the mills, in the order of their names
	 */
	public record MillsDescriptor(List<MillDescriptor> mills) implements OperationResponseBody {

	}

}
