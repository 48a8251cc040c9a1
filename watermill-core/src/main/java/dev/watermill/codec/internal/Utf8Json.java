package dev.watermill.codec.internal;

import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON is UTF-8. Jackson would guess an encoding from the first bytes, and so read a few
 * zero bytes as UTF-16 or UTF-32.
 */
final class Utf8Json {

	private Utf8Json() {
	}

	/**
	 * Return a mapper that takes bytes for UTF-8, whatever they are.
	 * @param mapper the mapper
	 * @return the mapper itself if it is one, otherwise a copy
	 */
	static JsonMapper of(JsonMapper mapper) {
		return guesses(mapper.tokenStreamFactory()) ? new Builder(mapper.rebuild()).build() : mapper;
	}

	private static boolean guesses(TokenStreamFactory factory) {
		return factory.isEnabled(TokenStreamFactory.Feature.CHARSET_DETECTION);
	}

	/**
	 * Takes over all but the factory, which a builder cannot replace.
	 */
	private static final class Builder extends JsonMapper.Builder {

		Builder(JsonMapper.Builder other) {
			super(new StateImpl(other));
		}

		@Override
		public TokenStreamFactory streamFactory() {
			TokenStreamFactory factory = super.streamFactory();
			return (factory instanceof JsonFactory json && guesses(factory))
					? json.rebuild().disable(TokenStreamFactory.Feature.CHARSET_DETECTION).build() : factory;
		}

	}

}
