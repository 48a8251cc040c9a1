package dev.watermill.console;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What browsers let the page do: nothing but what comes from where it comes from. There
 * is no inline script or style, no other site, and no other site's frame around buttons
 * that act. Only an endpoint that is elsewhere by settings may be called.
 */
final class ContentSecurityPolicy {

	/**
	 * The policy where nothing is elsewhere.
	 */
	static final String DEFAULT = policy("");

	private static final String PROPERTY = "watermill.console.endpoint";

	/** A scheme, or none, and what else decides where a URL leads to. */
	private static final Pattern ELSEWHERE = Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):(?://)?|//)([^/?#]*).*",
			Pattern.DOTALL);

	private static final Pattern AUTHORITY = Pattern.compile("([\\p{L}\\p{N}._-]+)(?::(\\d+))?");

	private static final int MAX_PORT = 65535;

	private ContentSecurityPolicy() {
	}

	/**
	 * Return the policy of a page that calls an endpoint.
	 * @param endpoint the endpoint's URL, which may be relative
	 * @return the policy, which allows the origin of an absolute URL, and no other one
	 * @throws InvalidConfigurationPropertyValueException if no page can call it
	 */
	static String allowing(String endpoint) {
		Matcher elsewhere = ELSEWHERE.matcher(endpoint);
		if (!elsewhere.matches()) {
			return DEFAULT;
		}
		String scheme = (elsewhere.group(1) != null) ? elsewhere.group(1).toLowerCase(Locale.ROOT) : null;
		if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
			throw refused(endpoint, "browsers call http and https URLs only, and paths of the page's own server");
		}
		String origin = ((scheme != null) ? scheme + "://" : "") + host(endpoint, elsewhere.group(2));
		return policy("connect-src 'self' " + origin + "; ");
	}

	private static String policy(String more) {
		return "default-src 'self'; " + more
				+ "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";
	}

	private static String host(String endpoint, String authority) {
		if (authority.startsWith("[")) {
			throw refused(endpoint, "the content security policies of browsers know no IPv6 addresses: use a name");
		}
		Matcher parts = AUTHORITY.matcher(authority);
		if (!parts.matches()) {
			throw refused(endpoint, "it needs a host, and nothing but a port beside it, as in "
					+ "https://ops.example.com:8443/actuator/watermill");
		}
		String port = parts.group(2);
		if (port != null && (port.length() > 5 || Integer.parseInt(port) > MAX_PORT)) {
			throw refused(endpoint, "there is no port " + port);
		}
		String host = IDN.toASCII(parts.group(1)).toLowerCase(Locale.ROOT);
		return (port != null) ? host + ":" + port : host;
	}

	private static InvalidConfigurationPropertyValueException refused(String endpoint, String reason) {
		return new InvalidConfigurationPropertyValueException(PROPERTY, endpoint, reason);
	}

}
