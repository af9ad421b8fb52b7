#include "privicore_api.h"

const unsigned char privicore_api_description[] = {
#embed "../../schemas/privicore-api.yaml"
};

const size_t privicore_api_description_count = sizeof(privicore_api_description);
