package dev.watermill.codec.internal;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * How bytes from outside are taken apart, whatever mapper reads them. JSON is UTF-8:
 * Jackson would guess an encoding from the first bytes, and so read a few zero bytes as
 * UTF-16 or UTF-32. What one element may take is bounded by {@link ReadLimits}.
 *
 * @since 0.1.0
 */
public final class InputFactory {

	private InputFactory() {
	}

	/**
	 * Return a mapper that takes bytes for UTF-8, whatever they are, within limits.
	 * @param mapper the mapper
	 * @return the mapper itself if it is one, otherwise a copy
	 */
	public static JsonMapper of(JsonMapper mapper) {
		TokenStreamFactory factory = mapper.tokenStreamFactory();
		return with(mapper, ReadLimits.of(factory.streamReadConstraints()));
	}

	/**
	 * Return a mapper to find the end of values with, of which nothing is made.
	 * @param mapper the mapper that reads them
	 * @param depth how deep they may be nested, at least
	 * @return a copy
	 */
	public static JsonMapper forSyntax(JsonMapper mapper, int depth) {
		StreamReadConstraints limits = ReadLimits.of(mapper.tokenStreamFactory().streamReadConstraints());
		return with(mapper, ReadLimits.forSyntax(limits, depth));
	}

	private static JsonMapper with(JsonMapper mapper, StreamReadConstraints limits) {
		TokenStreamFactory factory = mapper.tokenStreamFactory();
		return (guesses(factory) || limits != factory.streamReadConstraints())
				? new Builder(mapper.rebuild(), limits).build() : mapper;
	}

	private static boolean guesses(TokenStreamFactory factory) {
		return factory.isEnabled(TokenStreamFactory.Feature.CHARSET_DETECTION);
	}

	/**
	 * Takes over all but the factory, which a builder cannot replace.
	 */
	private static final class Builder extends JsonMapper.Builder {

		private final StreamReadConstraints limits;

		Builder(JsonMapper.Builder other, StreamReadConstraints limits) {
			super(new StateImpl(other));
			this.limits = limits;
		}

		@Override
		public TokenStreamFactory streamFactory() {
			TokenStreamFactory factory = super.streamFactory();
			return (factory instanceof JsonFactory json) ? json.rebuild()
				.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
				.streamReadConstraints(this.limits)
				.build() : factory;
		}

	}

}
