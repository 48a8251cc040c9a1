package dev.watermill.codec.internal;

import java.math.BigDecimal;
import java.math.BigInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.util.JsonParserDelegate;

/**
 * Shows {@code 1.0} and {@code 1e3} as the whole numbers they are, if they fit.
 */
final class WholeNumberParser extends JsonParserDelegate {

	private final int bits;

	/** The number the parser is at, if it is a whole one that is written otherwise. */
	private @Nullable BigInteger number;

	WholeNumberParser(JsonParser parser, int bits) {
		super(parser);
		this.bits = bits;
		inspect();
	}

	private void inspect() {
		this.number = null;
		if (this.delegate.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
			BigDecimal value = this.delegate.getDecimalValue().stripTrailingZeros();
			// Larger ones may have very many digits
			if (value.scale() <= 0 && (long) value.precision() - value.scale() <= Long.SIZE) {
				BigInteger whole = value.toBigIntegerExact();
				this.number = (whole.bitLength() < this.bits) ? whole : null;
			}
		}
	}

	@Override
	public @Nullable JsonToken nextToken() {
		this.delegate.nextToken();
		inspect();
		return currentToken();
	}

	@Override
	public @Nullable JsonToken currentToken() {
		return (this.number != null) ? JsonToken.VALUE_NUMBER_INT : this.delegate.currentToken();
	}

	@Override
	public int currentTokenId() {
		return (this.number != null) ? JsonToken.VALUE_NUMBER_INT.id() : this.delegate.currentTokenId();
	}

	@Override
	public boolean hasToken(JsonToken token) {
		return currentToken() == token;
	}

	@Override
	public boolean hasTokenId(int id) {
		return currentTokenId() == id;
	}

	@Override
	public boolean isExpectedNumberIntToken() {
		return this.number != null || this.delegate.isExpectedNumberIntToken();
	}

	@Override
	public long getLongValue() {
		return (this.number != null) ? this.number.longValue() : this.delegate.getLongValue();
	}

	@Override
	public int getIntValue() {
		return (this.number != null) ? this.number.intValue() : this.delegate.getIntValue();
	}

	@Override
	public short getShortValue() {
		return (this.number != null) ? this.number.shortValue() : this.delegate.getShortValue();
	}

}
