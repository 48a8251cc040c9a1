package dev.watermill.spring.actuate.endpoint;

import dev.watermill.broker.BrokerException;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link WaterMillEndpoint}:
 * says in the answer why something could not be done, which the application's error page
 * would keep to itself.
 */
@EndpointWebExtension(endpoint = WaterMillEndpoint.class)
final class WaterMillEndpointWebExtension {

	private static final int STATUS_CONFLICT = 409;

	private final WaterMillEndpoint delegate;

	/**
	 * Create an extension.
	 * @param delegate the endpoint
	 */
	WaterMillEndpointWebExtension(WaterMillEndpoint delegate) {
		this.delegate = delegate;
	}

	/**
	 * Apply an action to a mill.
	 * @param mill its name
	 * @param action {@code start}, {@code stop}, {@code pause}, {@code resume} or
	 * {@code reset}
	 * @return the mill; 404 if there is none of this name, 400 if there is no such action
	 * or the mill is not in a state for it, 409 if another instance is at work on it, 503
	 * if its broker did not let it happen
	 */
	@WriteOperation
	WebEndpointResponse<Object> steer(@Selector String mill, String action) {
		try {
			MillDescriptor steered = this.delegate.steer(mill, action);
			return (steered != null) ? new WebEndpointResponse<>(steered)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (MillAction.MillInUseException ex) {
			return refused(ex, STATUS_CONFLICT);
		}
		catch (InvalidEndpointRequestException ex) {
			return refused(ex, WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (BrokerException ex) {
			return refused(ex, WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		}
	}

	private static WebEndpointResponse<Object> refused(RuntimeException ex, int status) {
		return new WebEndpointResponse<>(new RefusalDescriptor(String.valueOf(ex.getMessage())), status);
	}

	/**
	 * Why something could not be done.
	 *
	 * @param message why, and what can be done instead
	 */
	record RefusalDescriptor(String message) implements OperationResponseBody {

	}

}
