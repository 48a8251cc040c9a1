package dev.watermill.spring.binding;

import dev.watermill.broker.Broker;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.properties.StreamProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Binds streams to brokers of the user's own.
 *
 * @since 0.1.0
 */
public final class BrokerBindingResolver implements BindingResolver {

	private final ListableBeanFactory beanFactory;

	/**
	 * Create a resolver.
	 * @param beanFactory where the brokers are
	 */
	public BrokerBindingResolver(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public @Nullable StreamBinding resolve(String stream, StreamProperties properties) {
		String name = properties.getBroker();
		if (name == null || name.isBlank()) {
			return null;
		}
		String prefix = "watermill.streams." + stream + ".";
		Broker broker = NamedBean.get(this.beanFactory, name, Broker.class, prefix + "broker");
		if (properties.getDeserializer() != null || properties.getSerializer() != null || properties.isOverwrite()
				|| properties.isAlignSegments() || properties.getEndMark() != null || properties.getFormat() != null
				|| properties.getAt() != null) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' is served by the broker '" + name
							+ "', which knows nothing of the settings deserializer, serializer, overwrite, "
							+ "align-segments, end-mark, format and at.",
					"Remove them from watermill.streams." + stream + ", or say it to the broker under " + prefix
							+ "properties.");
		}
		return new StreamBinding("broker", broker, properties.getProperties());
	}

}
