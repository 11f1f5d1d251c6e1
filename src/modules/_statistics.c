/* _statistics - the inverse of the normal distribution's cumulative function. No state.
 *
 * Rational approximations after M. J. Wichura, "Algorithm AS 241: The Percentage Points of the
 * Normal Distribution", Applied Statistics 37 (1988): one for the middle, two for the tails.
 */
#include "modules/module.h"

#include <math.h>

#include "modules/_statistics.gen.h"

enum { DEGREE = 8 };

/* Coefficients from the lowest power up; the denominators begin with 1. */
typedef struct Rational {
    double num[DEGREE], den[DEGREE];
} Rational;

static const Rational middle = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}};
static const Rational tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
static const Rational far_tail = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};

static double polynomial(const double *coefficients, double x) {
    double sum = coefficients[DEGREE - 1];
    for (int i = DEGREE - 2; i >= 0; i--) sum = sum * x + coefficients[i];
    return sum;
}

/* Where the standard normal distribution reaches p, 0 < p < 1. */
static double percentage_point(double p) {
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return polynomial(middle.num, r) * q / polynomial(middle.den, r);
    }
    double r = sqrt(-log(q <= 0.0 ? p : 1.0 - p));
    const Rational *f = r <= 5.0 ? &tail : &far_tail;
    r -= r <= 5.0 ? 1.6 : 5.0;
    double x = polynomial(f->num, r) / polynomial(f->den, r);
    return q < 0.0 ? -x : x;
}

GI_FUNCTION(_statistics, _normal_dist_inv_cdf, "(p: double, mu: double, sigma: double, /)", NULL) {
    return gi_double_ref(a->mu + percentage_point(a->p) * a->sigma);
}

const GiModuleDef gi_module__statistics = {
    .name = "_statistics", .doc = "Accelerators for the statistics module.\n", .functions = _statistics_functions,
};
