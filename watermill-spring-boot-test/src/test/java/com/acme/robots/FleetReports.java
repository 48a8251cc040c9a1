package com.acme.robots;

import org.springframework.stereotype.Component;

/**
 * What a slice of mills does not have.
 */
@Component
class FleetReports {

}
