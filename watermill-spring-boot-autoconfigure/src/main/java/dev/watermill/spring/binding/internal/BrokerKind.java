package dev.watermill.spring.binding.internal;

import java.util.Set;

import dev.watermill.broker.Broker;
import dev.watermill.spring.properties.StreamProperties;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Streams in brokers of the user's own.
 *
 * @since 0.1.0
 */
public final class BrokerKind implements StreamKind, Ordered {

	private final ListableBeanFactory beanFactory;

	/**
	 * Create a kind.
	 * @param beanFactory where the brokers are
	 */
	public BrokerKind(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public String property() {
		return "broker";
	}

	@Override
	public String target() {
		return "the name of a Broker bean";
	}

	@Override
	public Set<StreamSetting> settings() {
		return Set.of(StreamSetting.KEY, StreamSetting.PROPERTIES);
	}

	@Override
	public StreamBinding bind(String stream, String place, StreamProperties properties) {
		Broker broker = NamedBean.get(this.beanFactory, place, Broker.class,
				"watermill.streams." + stream + "." + property());
		return new StreamBinding(property(), broker, properties.getProperties());
	}

}
